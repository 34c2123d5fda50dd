package dev.tidewaiter.cli;

import ch.qos.logback.classic.Level;
import dev.tidewaiter.reconcile.InForce;
import dev.tidewaiter.reconcile.OneShot;
import dev.tidewaiter.reconcile.OneShotResult;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `diff`: what `apply` would change now. It writes nothing anywhere but into the state directory's
/// clone.
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = "Shows what would change now, without changing it.")
final class DiffCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private DaemonOptions options = new DaemonOptions();

  @Option(
      names = {"-e", "--environment"},
      paramLabel = "NAME",
      description = "Only this environment.")
  private @Nullable String environment;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES}")
  private OutputFormat output = OutputFormat.TEXT;

  @Override
  public Integer call() throws CommandFailure {
    try (Wiring wiring = Wiring.ofPreview(options.load(Level.WARN))) {
      var oneShot =
          new OneShot(
              wiring.round(), wiring.source(), wiring.targets(), wiring.served(), wiring.setup());
      OneShotResult result = narrowed(oneShot.preview());
      OneShotOutput.print(result, output, spec.commandLine().getOut());
      return exitCode(result).number();
    }
  }

  // Afterwards, since the others on a target are not orphaned by not being asked for.
  private OneShotResult narrowed(OneShotResult result) throws CommandFailure {
    String only = environment;
    InForce inForce = result.round().standing().inForce();
    if (only == null || inForce == null) {
      return result;
    }
    if (!inForce.declarations().environments().containsKey(only)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--environment %s: There is no such environment in force.%n  Name one of %s."
              .formatted(only, inForce.declarations().environments().keySet()));
    }
    return result.of(only);
  }

  private static ExitCode exitCode(OneShotResult result) {
    if (result.isRejected()) {
      return ExitCode.REJECTED;
    }
    if (result.isUnavailable()) {
      return ExitCode.UNAVAILABLE;
    }
    return result.hasDifferences() ? ExitCode.DIFFERENCES : ExitCode.OK;
  }
}
