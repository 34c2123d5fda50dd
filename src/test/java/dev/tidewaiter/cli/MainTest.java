package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  private int execute(String... arguments) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setErr(new PrintWriter(err));
    commandLine.setOut(new PrintWriter(out));
    return commandLine.execute(arguments);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sail",
        "diff --nonsense",
        "diff --output=png",
        "withdraw production",
        "withdraw production --keep --remove",
        "diff --config=there-is-no-such-file.yaml",
      })
  void answersWrongUsageWithTwo(String line) {
    assertThat(execute(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
    assertThat(err.toString()).isNotEmpty().doesNotContain("This is a bug");
  }

  @Test
  void listsEveryExitCode() {
    assertThat(execute("--help")).isZero();
    for (ExitCode code : ExitCode.values()) {
      assertThat(out.toString()).containsPattern("(?m)^ *" + code.number() + " ");
    }
  }
}
