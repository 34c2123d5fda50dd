package dev.tidewaiter.cli;

import ch.qos.logback.classic.Level;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The program `tidewaiter`.
@Command(
    name = "tidewaiter",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Keeps container-registry access as a Git repository declares it.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RunCommand.class,
      ApplyCommand.class,
      DiffCommand.class,
      ValidateCommand.class,
      StatusCommand.class,
      WithdrawCommand.class,
      GenerateCompletion.class,
      HelpCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:done, or no differences",
      " 1:differences (diff only)",
      " 2:wrong usage",
      " 3:declarations rejected",
      " 4:repository, Vault or cluster unavailable",
      " 5:changes failed, withheld or held",
      "70:a bug in tidewaiter"
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  /// Runs a command and ends the process with its exit code.
  public static void main(String[] args) {
    Logging.configure(Level.WARN, Logging.Format.TEXT);
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(Main::report)
        .setExitCodeExceptionMapper(thrown -> exitCode(thrown).number());
  }

  // Also asked for what picocli itself throws about the command line.
  private static ExitCode exitCode(Throwable thrown) {
    return thrown instanceof ParameterException ? ExitCode.USAGE : ExitCode.BUG;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Name a command.");
  }

  /// The only place where an exception becomes an exit code.
  private static int report(
      Exception thrown, CommandLine commandLine, CommandLine.ParseResult ignored) {
    if (thrown instanceof CommandFailure failure) {
      commandLine.getErr().println(failure.getMessage());
      return failure.exitCode().number();
    }
    commandLine.getErr().println("This is a bug in tidewaiter: " + Bug.describe(thrown));
    return ExitCode.BUG.number();
  }
}
