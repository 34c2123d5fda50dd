package dev.tidewaiter.cli;

import ch.qos.logback.classic.Level;
import dev.tidewaiter.model.Defect;
import dev.tidewaiter.model.Visible;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
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
      ImpactCommand.class,
      SnapshotCommand.class,
      ValidateCommand.class,
      StatusCommand.class,
      ExplainCommand.class,
      VerifyCommand.class,
      TrustCommand.class,
      ImportCommand.class,
      InitCommand.class,
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
      " 5:changes failed, withheld or held, or images that cannot be pulled; of status: something is"
          + " not Ready",
      "70:a bug in tidewaiter"
    })
public final class Main implements Runnable {
  private static final int NARROWEST = 55;
  private static final int WIDEST = 160;

  @Spec private CommandSpec spec;

  /// Runs a command and ends the process with its exit code.
  public static void main(String[] args) {
    System.exit(run(Main::ofProcess, args));
  }

  private static CommandLine ofProcess() {
    Logging.configure(Level.WARN, Logging.Format.TEXT);
    Thread.setDefaultUncaughtExceptionHandler(Main::log);
    return commandLine(System.getenv());
  }

  /// @return the exit code; never that of an exception that nobody catches, which is 1 and would
  ///   mean differences
  static int run(Supplier<CommandLine> made, String... args) {
    try {
      CommandLine commandLine = made.get();
      return StandardOutput.delivered(commandLine.execute(args), commandLine);
    } catch (RuntimeException | Error e) {
      return broken(e);
    }
  }

  // If memory is what lacks, it may lack for the words too.
  private static int broken(Throwable thrown) {
    try {
      tell(thrown, new PrintWriter(System.err, false, System.err.charset()));
    } catch (RuntimeException | Error _) {
      // The exit code says it.
    }
    return ExitCode.BUG.number();
  }

  static CommandLine commandLine() {
    return commandLine(Map.of());
  }

  /// @param environment the variables of the process
  static CommandLine commandLine(Map<String, String> environment) {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(OutputFormat.class, new WordConverter<>(OutputFormat.class))
        .registerConverter(DocumentFormat.class, new WordConverter<>(DocumentFormat.class))
        .registerConverter(Logging.Format.class, new WordConverter<>(Logging.Format.class))
        .setUsageHelpWidth(width(environment.getOrDefault("COLUMNS", "")))
        .setExecutionExceptionHandler(Main::report);
  }

  /// How wide help is: as the terminal, within what picocli can do with and what is easy to read.
  private static int width(String columns) {
    return columns.matches("[0-9]{1,4}")
        ? Math.clamp(Integer.parseInt(columns), NARROWEST, WIDEST)
        : UsageMessageSpec.DEFAULT_USAGE_WIDTH;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Name one of the commands below.");
  }

  /// The only place where an exception of a command becomes an exit code.
  private static int report(
      Exception thrown, CommandLine commandLine, CommandLine.ParseResult ignored) {
    if (thrown instanceof CommandFailure failure) {
      commandLine.getErr().println(Visible.lines(String.valueOf(failure.getMessage())));
      return failure.exitCode().number();
    }
    tell(thrown, commandLine.getErr());
    return ExitCode.BUG.number();
  }

  private static void tell(Throwable thrown, PrintWriter err) {
    if (thrown instanceof OutOfMemoryError) {
      err.print("The Java runtime has too little memory.\n");
      err.print("  Give it more, such as TIDEWAITER_JAVA_OPTS=-Xmx512m.\n");
    } else {
      err.print(
          "This is a bug in tidewaiter. Please report it, with the command and these lines:\n");
      Defect.of(thrown).printStackTrace(err);
    }
    err.flush();
  }

  // Otherwise the JDK would print it with its message.
  private static void log(Thread thread, Throwable thrown) {
    LoggerFactory.getLogger(Main.class)
        .atError()
        .setMessage("defect")
        .addKeyValue("thread", thread.getName())
        .setCause(Defect.of(thrown))
        .log();
  }
}
