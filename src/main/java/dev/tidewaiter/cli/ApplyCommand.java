package dev.tidewaiter.cli;

import ch.qos.logback.classic.Level;
import dev.tidewaiter.reconcile.OneShot;
import dev.tidewaiter.reconcile.OneShotResult;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `apply`: one round and its cycles, and then the end.
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description = "Applies once what is declared now.")
final class ApplyCommand implements Callable<Integer> {
  @Mixin private DaemonOptions options = new DaemonOptions();

  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() throws CommandFailure {
    try (Wiring wiring = Wiring.ofCommand(options.load(Level.WARN))) {
      var oneShot =
          new OneShot(
              wiring.round(), wiring.source(), wiring.targets(), wiring.served(), wiring.setup());
      OneShotResult result = oneShot.apply();
      output.print(new OneShotOutput(result));
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
