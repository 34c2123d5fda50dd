package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a process ends with that could not do what was asked: never success, and never differences.
class ProcessEndTest {
  private static final Path FULL = Path.of("/dev/full");

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"--help", "--version", "validate sample-config", "generate-completion"})
  void outputThatIsLostIsNoSuccess(String command) throws Exception {
    assertThat(FULL).exists();
    Ended ended = shell("exec \"$@\" >/dev/full", command);
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .isEqualTo(
            """
            standard output: It cannot be written, and what was printed is not all there.
              Make room, or send it elsewhere.
            """);
  }

  @Test
  void aReaderThatHasSeenEnoughIsNoFailure() throws Exception {
    // It has ended long before a Java runtime has started.
    Ended ended = shell("{ \"$@\"; echo \"ended with $?\" >&2; } | :", "generate-completion");
    assertThat(ended.err()).isEqualTo("ended with 0\n");
  }

  @Test
  void whatWasRejectedStaysRejected() throws Exception {
    Files.writeString(directory.resolve("broken.yaml"), "kind: Nonsense\n");
    assertThat(shell("exec \"$@\" >/dev/full", "validate " + directory).exitCode()).isEqualTo(3);
  }

  @Test
  void anErrorOfTheRuntimeIsABugAndNoDifference() {
    int exitCode =
        Main.run(
            () -> {
              throw new StackOverflowError("must not become 1");
            },
            "diff");
    assertThat(exitCode).isEqualTo(70);
  }

  private record Ended(int exitCode, String err) {}

  private Ended shell(String script, String command) throws IOException, InterruptedException {
    Path err = Files.createTempFile(directory, "shell-", ".err");
    var words = new ArrayList<>(List.of("sh", "-c", script, "sh"));
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx200m"));
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    words.addAll(List.of(command.split(" ")));
    Process shell = new ProcessBuilder(words).redirectError(err.toFile()).start();
    int exitCode = shell.waitFor();
    return new Ended(exitCode, Files.readString(err, StandardCharsets.UTF_8));
  }
}
