package dev.tidewaiter.target.host.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.testbed.TestBed;
import dev.tidewaiter.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which process is taken for the engine. What a real one does is in [DockerHostIT].
class LocalEngineTest {
  @TempDir private Path directory;

  private static final List<String> ELSEWHERE =
      List.of("/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-c");

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

  /// As our unit has: `PrivateMounts=yes`.
  @Test
  void takesNoEngineForStoppedBecauseItsMountsAreOthers() throws Exception {
    TestBed.requireRoot();
    Process process = dockerd(ELSEWHERE, "exec \"$0\" 60");
    try {
      assertThatThrownBy(() -> new LocalEngine(directory.resolve("missing.sock")).find())
          .isInstanceOf(HostFileException.class)
          .hasMessageContaining("process " + process.pid());
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void leavesAnEngineWithFilesOfItsOwnAlone() throws Exception {
    TestBed.requireRoot();
    Process process = dockerd(ELSEWHERE, "mount -t tmpfs tmpfs /etc && exec \"$0\" 60");
    try {
      assertThat(new LocalEngine(directory.resolve("missing.sock")).find()).isEmpty();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void leavesAnEngineOfAUserAlone() throws Exception {
    TestBed.requireRoot();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    String user = TestBed.installed("/usr/bin/setpriv").toString();
    List<String> before = List.of(user, "--reuid=65534", "--clear-groups", "/bin/sh", "-c");
    Process process = dockerd(before, "exec \"$0\" 60");
    try {
      assertThat(new LocalEngine(directory.resolve("missing.sock")).find()).isEmpty();
    } finally {
      process.destroyForcibly();
    }
  }

  /// Returns when it is of that name.
  private Process dockerd(List<String> before, String command) throws Exception {
    Path dockerd = Files.copy(Path.of("/bin/sleep"), directory.resolve("dockerd"));
    var words = new ArrayList<>(before);
    words.addAll(List.of(command, dockerd.toString()));
    Process process = new ProcessBuilder(words).start();
    Path program = Path.of("/proc/" + process.pid() + "/exe");
    Await.untilTrue(
        Duration.ofSeconds(10),
        "its program is dockerd",
        () -> Files.readSymbolicLink(program).endsWith("dockerd"));
    return process;
  }
}
