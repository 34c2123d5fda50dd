package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotFileTest {
  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void write() throws CommandFailure {
    file = directory.resolve("clusters.json");
    new SnapshotFile(file).write(ImpactFixture.snapshot(ImpactFixture.TAKEN));
  }

  @Test
  void isReadAsItWasWritten() throws CommandFailure {
    assertThat(new SnapshotFile(file).read())
        .isEqualTo(ImpactFixture.snapshot(ImpactFixture.TAKEN));
  }

  @Test
  void hasTheFormThatIsPublished() throws IOException {
    Golden.assertEqual("impact/snapshot.json", Files.readString(file) + "\n");
  }

  @Test
  void canBeReadByItsOwnerAloneAndIsReplacedAsAWhole() throws IOException, CommandFailure {
    Files.writeString(file, "of another day");
    new SnapshotFile(file).write(ImpactFixture.snapshot(ImpactFixture.TAKEN));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(directory.toFile().list()).containsExactly("clusters.json");
    assertThatThrownBy(
            () ->
                new SnapshotFile(directory.resolve("absent/clusters.json"))
                    .write(ImpactFixture.snapshot(ImpactFixture.TAKEN)))
        .hasMessageContaining("cannot be written");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "{\"version\": \"1\"}",
        "{\"version\": 1}",
        "{\"version\": 1, \"clusters\": null}"
      })
  void refusesWhatIsNoWholeSnapshot(String text) throws IOException {
    Files.writeString(file, text);
    assertThatThrownBy(() -> new SnapshotFile(file).read())
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("no whole snapshot");
  }

  @Test
  void refusesHalfOfOne() throws IOException {
    String whole = Files.readString(file);
    Files.writeString(file, whole.substring(0, whole.length() / 2));
    assertThatThrownBy(() -> new SnapshotFile(file).read()).hasMessageContaining("no whole");
    Files.writeString(file, whole.replaceFirst("\"images\"", "\"pictures\""));
    assertThatThrownBy(() -> new SnapshotFile(file).read()).hasMessageContaining("no whole");
  }

  @Test
  void refusesAnotherVersionAndAnAbsentFile() throws IOException {
    Files.writeString(file, "{\"version\": 2, \"anything\": 1}");
    assertThatThrownBy(() -> new SnapshotFile(file).read())
        .hasMessageContaining("version 2, and this release reads version 1");
    Files.delete(file);
    assertThatThrownBy(() -> new SnapshotFile(file).read())
        .hasMessageContaining("cannot be read (there is no such file or directory)");
  }
}
