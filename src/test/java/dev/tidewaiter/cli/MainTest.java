package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    assertThat(Shell.run("help", "diff").out()).contains("text, json (default: text)");
  }

  @ParameterizedTest
  @CsvSource({
    "--output, 'expected one of text, json, yaml, markdown but was'",
    "--log-format, 'expected one of text, json but was'",
  })
  void saysWhichWordsThereAreAsTheyAreWritten(String option, String said) {
    assertThat(Shell.run("diff", option, "x").err()).contains(said + " 'x'");
  }

  @Test
  void helpIsAsWideAsTheTerminal() {
    assertThat(widest(Map.of("COLUMNS", "132"))).isBetween(100, 132);
    assertThat(widest(Map.of("COLUMNS", "60"))).isBetween(50, 60);
    assertThat(widest(Map.of("COLUMNS", "1"))).isBetween(50, 55);
    for (String odd : List.of("", "wide", "-5", "99999")) {
      assertThat(widest(Map.of("COLUMNS", odd))).as(odd).isEqualTo(widest(Map.of()));
    }
  }

  private static int widest(Map<String, String> environment) {
    var help = new StringWriter();
    Main.commandLine(environment).setOut(new PrintWriter(help)).execute("help", "import");
    return help.toString().lines().mapToInt(String::length).max().orElseThrow();
  }

  @Test
  void helpSaysWhatStatusEndsWith() {
    assertThat(Shell.run("--help").out().replaceAll("\\s+", " "))
        .contains("5 changes failed", "of status: something is not Ready");
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

  @ParameterizedTest
  @ValueSource(strings = {"warn", "trace", "DEBUG"})
  void takesTheNameOfALevelHoweverItIsWritten(String level) {
    Shell.Ended ended = Shell.run("diff", "--log-level", level, "--config", "no-such-file.yaml");
    assertThat(ended.err()).contains("no-such-file.yaml").doesNotContain("log-level");
  }

  @Test
  void listsEveryExitCode() {
    String help = Shell.run("--help").out();
    for (ExitCode code : ExitCode.values()) {
      assertThat(help).containsPattern("(?m)^ *" + code.number() + " ");
    }
  }
}
