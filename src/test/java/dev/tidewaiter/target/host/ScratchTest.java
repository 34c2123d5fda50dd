package dev.tidewaiter.target.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.testbed.TestBed;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A user may write to the directory of a file and puts something else in the place of ours, at
/// each moment at which we have just opened something.
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ScratchTest {
  private static final HostPath FILE = new HostPath("home/alice/.docker/config.json");
  private static final FileContent OURS = FileContent.of("ours".getBytes(StandardCharsets.UTF_8));

  @TempDir private Path directory;
  private Path docker;
  private Path temporary;
  private Path scratch;

  @BeforeEach
  void createHome() throws IOException {
    docker = Files.createDirectories(directory.resolve(FILE.parent().text()));
    Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwxrwxrwx"));
    temporary = directory.resolve(FILE.temporary().text());
    scratch = directory.resolve(FILE.scratch().text());
  }

  /// What somebody does.
  private interface Prank {
    void play() throws IOException;
  }

  private LocalFiles afterEachOpening(Prank prank) {
    return new LocalFiles(
        directory,
        new Opener(Duration.ofMillis(500)) {
          @Override
          <T extends Closeable> T await(
              HostPath path, CompletableFuture<T> opened, Opening<Closeable> otherEnd)
              throws IOException {
            T done = super.await(path, opened, otherEnd);
            prank.play();
            return done;
          }
        });
  }

  private LocalFiles beforeItIsEntered(Prank prank) {
    return new LocalFiles(
        directory,
        new Opener(Duration.ofMillis(500)) {
          @Override
          <T extends Closeable> CompletableFuture<T> start(HostPath path, Opening<T> opening)
              throws IOException {
            if (path.equals(FILE.scratch())) {
              prank.play();
            }
            return super.start(path, opening);
          }
        });
  }

  @Test
  void givesNoOtherFileItsMode() throws Exception {
    Path roots = Files.writeString(directory.resolve("kept"), "of root alone");
    Files.setPosixFilePermissions(roots, PosixFilePermissions.fromString("rw-------"));
    Path link = Files.createLink(docker.resolve("roots"), roots);

    LocalFiles files =
        afterEachOpening(
            () -> {
              if (Files.isRegularFile(temporary) && Files.exists(link)) {
                Files.move(link, temporary, StandardCopyOption.REPLACE_EXISTING);
              }
            });
    files.writeTemporary(FILE, OURS, Ownership.ofMode("0644"));

    assertThat(link).as("the prank was played").doesNotExist();
    assertThat(mode(roots)).isEqualTo("rw-------");
  }

  @Test
  void givesNoOtherFileItsOwnerAndWaitsForNoFifo() throws Exception {
    TestBed.requireRoot();
    var users = FileSystems.getDefault().getUserPrincipalLookupService();
    var alice =
        new Ownership(
            PosixFilePermissions.fromString("rw-------"),
            users.lookupPrincipalByName("4711"),
            null);

    LocalFiles files =
        afterEachOpening(
            () -> {
              if (Files.isRegularFile(temporary, LinkOption.NOFOLLOW_LINKS)) {
                Files.delete(temporary);
                putFifo(temporary);
              }
            });
    files.writeTemporary(FILE, OURS, alice);

    assertThat(Files.getAttribute(temporary, "unix:uid")).as("of the FIFO").isEqualTo(0);
  }

  @Test
  void writesOnlyWhereNobodyElseMayEnter() throws Exception {
    LocalFiles files =
        beforeItIsEntered(
            () ->
                Files.setPosixFilePermissions(
                    scratch, PosixFilePermissions.fromString("rwxr-xr-x")));

    assertRefused(files);
  }

  @Test
  void writesOnlyIntoADirectoryOfItsOwn() throws Exception {
    TestBed.requireRoot();
    LocalFiles files = beforeItIsEntered(() -> Files.setAttribute(scratch, "unix:uid", 4711));

    assertRefused(files);
  }

  private void assertRefused(LocalFiles files) throws IOException {
    assertThatThrownBy(() -> files.writeTemporary(FILE, OURS, Ownership.ofMode("0600")))
        .isInstanceOf(HostFileException.class)
        .hasMessageContaining("/home/alice/.docker/.tidewaiter")
        .hasMessageContaining("leave the user whose home it is in out of");
    assertThat(docker).isEmptyDirectory();
  }

  @Test
  void leavesNothingBehindNorWhatACrashLeft() throws Exception {
    var files = new LocalFiles(directory);
    leaveByACrash();
    files.writeTemporary(FILE, OURS, Ownership.ofMode("0640"));
    assertThat(docker.toFile().list()).containsExactly(FILE.temporary().name());
    assertThat(mode(temporary)).isEqualTo("rw-r-----");
    leaveByACrash();
    files.delete(FILE.temporary());
    assertThat(docker).isEmptyDirectory();
  }

  /// Some runtimes read every directory beside their files.
  @Test
  void needsNoDirectoryWhereNobodyElseMayWrite() throws Exception {
    Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwxr-xr-x"));
    LocalFiles files =
        afterEachOpening(() -> assertThat(scratch).as("beside our file").doesNotExist());
    files.writeTemporary(FILE, OURS, Ownership.ofMode("0640"));
    assertThat(temporary).hasContent("ours");
    assertThat(mode(temporary)).isEqualTo("rw-r-----");
  }

  @Test
  void removesNothingThatSomebodyElsePutThere() throws Exception {
    Path theirs = Files.createDirectory(scratch).resolve("theirs");
    Files.writeString(theirs, "theirs");
    assertThatThrownBy(
            () -> new LocalFiles(directory).writeTemporary(FILE, OURS, Ownership.ofMode("0600")))
        .isInstanceOf(HostFileException.class);
    assertThat(theirs).hasContent("theirs");
    assertThat(temporary).doesNotExist();
  }

  private void leaveByACrash() throws IOException {
    Files.createDirectory(
        scratch,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(scratch.resolve("content.tidewaiter"), "half of");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void putFifo(Path path) throws IOException {
    Process process = new ProcessBuilder("mkfifo", path.toString()).start();
    assertThat(process.onExit().join().exitValue()).isZero();
  }
}
