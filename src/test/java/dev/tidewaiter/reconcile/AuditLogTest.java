package dev.tidewaiter.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When a record is in the file, and what becomes of a file that is full or cannot be written.
class AuditLogTest {
  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("audit.jsonl");
  }

  @Test
  void writesWhatWaitsWhenForced() throws IOException {
    var log = new AuditLog(file);
    log.append(record(1));
    log.append(record(2));
    log.force();
    assertThat(resources(file)).containsExactly("Secret/shop/1", "Secret/shop/2");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void losesFewRecordsWithTheProcess() throws IOException {
    var log = new AuditLog(file);
    IntStream.range(0, 1_000).forEach(i -> log.append(record(i)));
    assertThat(resources(file)).hasSizeGreaterThan(900);
  }

  @Test
  void writesEachRecordOnce() throws IOException {
    var log = new AuditLog(file);
    IntStream.range(0, 100).forEach(i -> log.append(record(i)));
    log.force();
    log.force();
    assertThat(resources(file)).hasSize(100).doesNotHaveDuplicates();
  }

  @Test
  void makesNoFileForNothing() {
    new AuditLog(file).force();
    assertThat(file).doesNotExist();
  }

  @Test
  void beginsAnewWhenItIsFullAndOnDisk() throws IOException {
    var log = new AuditLog(file, 1);
    log.append(record(1));
    log.force();
    log.append(record(2));
    log.force();
    assertThat(resources(file)).containsExactly("Secret/shop/2");
    assertThat(resources(directory.resolve("audit.jsonl.1"))).containsExactly("Secret/shop/1");
  }

  @Test
  void keepsWhatIsNotOnDiskWithinReach() throws IOException {
    var log = new AuditLog(file, 1);
    IntStream.range(0, 200).forEach(i -> log.append(record(i)));
    log.force();
    assertThat(resources(file)).hasSize(200);
  }

  @Test
  void saysSoUntilItCanBeWrittenAgain() throws IOException {
    Files.createDirectory(file);
    var log = new AuditLog(file);
    log.append(record(1));
    log.force();
    assertThat(log.condition().orElseThrow().reason()).isEqualTo(Reason.AuditUnavailable);

    Files.delete(file);
    log.append(record(2));
    log.force();
    assertThat(log.condition()).isEmpty();
    assertThat(resources(file)).containsExactly("Secret/shop/2");
  }

  private static List<String> resources(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> line.replaceAll(".*\"resource\":\"([^\"]*)\".*", "$1"))
        .toList();
  }

  private static AuditRecord record(int number) {
    return new AuditRecord(
        Instant.EPOCH,
        "instance",
        "prod",
        "cluster/prod",
        "0123",
        "cycle",
        "poll",
        "create",
        "Secret/shop/" + number,
        List.of("auths/registry.acme.example"),
        "applied");
  }
}
