package dev.tidewaiter.target.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileChangesTest {
  private static final HostPath PATH = new HostPath("etc/a.json");
  private static final OwnedFile RECORD =
      new OwnedFile(
          new ResourceId(ResourceKind.INSECURE_REGISTRIES, "docker", PATH.text()),
          new TreeMap<>(Map.of("content", "production")),
          "0644",
          Set.of(),
          null);

  @TempDir private Path directory;
  private Path file;
  private FileChanges changes;

  @BeforeEach
  void createChanges() throws IOException {
    file = directory.resolve("root/etc/a.json");
    Files.createDirectories(directory.resolve("root/etc"));
    changes =
        new FileChanges(
            new LocalFiles(directory.resolve("root")), StateStore.in(directory.resolve("state")));
  }

  @Test
  void leavesAFileThatSomebodyChangedMeanwhile() throws Exception {
    Files.writeString(file, "read");
    HostFile seen = changes.read(PATH).orElseThrow();
    Files.writeString(file, "written by somebody else after it was read");
    assertThatThrownBy(() -> changes.write(write(seen), RECORD))
        .isInstanceOf(HostFileException.class);
    assertThatThrownBy(() -> changes.restore(PATH, seen, null))
        .isInstanceOf(HostFileException.class);
    assertThat(file).hasContent("written by somebody else after it was read");
    assertThat(changes.state()).isEqualTo(HostState.EMPTY);
    assertThat(directory.resolve("root/etc").toFile().list()).containsExactly("a.json");
  }

  @Test
  void leavesAFileThatSomebodyCreatedMeanwhile() throws Exception {
    Files.writeString(file, "foreign");
    assertThatThrownBy(() -> changes.write(write(null), RECORD))
        .isInstanceOf(HostFileException.class);
    assertThat(file).hasContent("foreign");
    assertThat(changes.state()).isEqualTo(HostState.EMPTY);
  }

  @Test
  void keepsItsStateToItself() throws Exception {
    changes.write(write(null), RECORD);
    Path state = directory.resolve("state/host");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(state.resolve("state.json"))))
        .isEqualTo("rw-------");
  }

  @Test
  void readsBackItsState() throws Exception {
    changes.write(write(null), RECORD);
    OwnedFile read = changes.state().find(PATH).orElseThrow();
    assertThat(read.owners()).isEqualTo(RECORD.owners());
    assertThat(read.digests()).isEqualTo(Set.of(changes.read(PATH).orElseThrow().digest()));
    assertThat(read.left(changes.read(PATH).orElseThrow())).isTrue();
  }

  @Test
  void refusesWhatIsNoPathFromTheRoot() {
    for (String text : List.of("/etc", "etc//a", "etc/../a", "./a", "etc/")) {
      assertThatThrownBy(() -> new HostPath(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static FileChanges.Write write(@Nullable HostFile seen) {
    return new FileChanges.Write(
        PATH,
        seen,
        FileContent.of("ours".getBytes(StandardCharsets.UTF_8)),
        Ownership.ofMode("0644"),
        Ownership.ofMode("0755"));
  }
}
