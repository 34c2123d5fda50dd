package dev.tidewaiter.cli;

import ch.qos.logback.classic.Level;
import dev.tidewaiter.reconcile.OneShot;
import dev.tidewaiter.reconcile.OneShotResult;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `apply`: one round and its cycles, and then the end.
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description = "Applies once what is declared now.")
final class ApplyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private DaemonOptions options = new DaemonOptions();

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES}")
  private OutputFormat output = OutputFormat.TEXT;

  @Override
  public Integer call() throws CommandFailure {
    try (Wiring wiring = Wiring.ofCommand(options.load(Level.WARN))) {
      var oneShot =
          new OneShot(
              wiring.round(), wiring.source(), wiring.targets(), wiring.served(), wiring.setup());
      OneShotResult result = oneShot.apply();
      OneShotOutput.print(result, output, spec.commandLine().getOut());
      return exitCode(result).number();
    }
  }

  private static ExitCode exitCode(OneShotResult result) {
    if (result.isRejected()) {
      return ExitCode.REJECTED;
    }
    if (result.isUnavailable()) {
      return ExitCode.UNAVAILABLE;
    }
    return result.isIncomplete() ? ExitCode.INCOMPLETE : ExitCode.OK;
  }
}
