package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @Test
  void withoutACommandItSaysWhichThereAre() {
    Shell.Ended ended = Shell.run();
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .startsWith("Name one of the commands below.")
        .contains(
            List.of(
                "run",
                "apply",
                "diff",
                "validate",
                "status",
                "trust",
                "import",
                "init",
                "withdraw"));
    assertThat(ended.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "apply",
        "diff",
        "validate",
        "status",
        "trust",
        "import",
        "init",
        "explain",
        "verify",
        "withdraw"
      })
  void everyCommandHasHelp(String command) {
    Shell.Ended asked = Shell.run("help", command);
    assertThat(asked.exitCode()).isZero();
    assertThat(asked.out()).startsWith("Usage: tidewaiter " + command);
    assertThat(Shell.run(command, "--help").out()).isEqualTo(asked.out());
  }

  @Test
  void printsItsVersion() {
    Shell.Ended ended = Shell.run("--version");
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out()).startsWith("tidewaiter ");
  }

  @Test
  void makesACompletionScript() {
    Shell.Ended ended = Shell.run("generate-completion");
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out()).contains("complete -F _complete_tidewaiter").contains("withdraw");
  }

  @Test
  void namesFormatsAsTheyAreWritten() {
    assertThat(Shell.run("help", "validate").out()).contains("text, json, yaml, markdown");
    assertThat(Shell.run("help", "status").out())
        .contains("text, json, yaml")
        .doesNotContain("markdown");
  }

  @Test
  void takesAFormatInAnyCaseAndRefusesOthersAtOnce() {
    assertThat(Shell.run("validate", "--output", "Json", "/no/such/folder").err())
        .contains("there is no such folder");
    Shell.Ended status = Shell.run("status", "--output", "markdown");
    assertThat(status.exitCode()).isEqualTo(2);
    assertThat(status.err()).contains("--output").contains("markdown");
  }

  @Test
  void noOptionTakesASecret() {
    Main.commandLine()
        .getSubcommands()
        .forEach(
            (name, command) ->
                assertThat(command.getCommandSpec().optionsMap().keySet())
                    .as(name)
                    .noneMatch(option -> option.matches(".*(password|token|secret).*")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sail",
        "diff --nonsense",
        "diff --output=png",
        "diff --log-level=chatty",
        "withdraw production",
        "withdraw production --keep --remove",
        "diff --config=there-is-no-such-file.yaml",
      })
  void answersWrongUsageWithTwo(String line) {
    Shell.Ended ended = Shell.run(line.split(" "));
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).isNotEmpty().doesNotContain("This is a bug");
  }

  @Test
  void listsEveryExitCode() {
    String help = Shell.run("--help").out();
    for (ExitCode code : ExitCode.values()) {
      assertThat(help).containsPattern("(?m)^ *" + code.number() + " ");
    }
  }
}
