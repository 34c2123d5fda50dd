package dev.tidewaiter.target.host.docker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.target.host.HostFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which process is taken for the engine. What a real one does is in [DockerHostIT].
class LocalEngineTest {
  @TempDir private Path directory;

  @Test
  void takesNoEngineForStoppedThatListensElsewhere() throws Exception {
    Path dockerd = Files.copy(Path.of("/bin/sleep"), directory.resolve("dockerd"));
    Process process = new ProcessBuilder(dockerd.toString(), "60").start();
    try {
      assertThatThrownBy(() -> new LocalEngine(directory.resolve("missing.sock")).find())
          .isInstanceOf(HostFileException.class)
          .hasMessageContaining("does not listen there");
    } finally {
      process.destroyForcibly();
    }
  }
}
