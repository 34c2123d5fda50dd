package dev.tidewaiter.cli;

import ch.qos.logback.classic.Level;
import dev.tidewaiter.reconcile.InForce;
import dev.tidewaiter.reconcile.OneShot;
import dev.tidewaiter.reconcile.OneShotResult;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `diff`: what `apply` would change now, or what a revision declares otherwise than another. It
/// writes nothing anywhere but into the state directory's clone.
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what would change now, without changing it.",
      "With --from, --to or --checkout: what changes between two revisions in the access that is"
          + " declared, without asking any cluster or Vault."
    })
final class DiffCommand implements Callable<Integer> {
  @Mixin private DaemonOptions options = new DaemonOptions();

  @Mixin private EnvironmentOption environment = new EnvironmentOption();

  @Mixin private OutputOption output = new OutputOption();

  @Mixin private RevisionOptions revisions = new RevisionOptions();

  @Override
  public Integer call() throws CommandFailure {
    return revisions.isAsked() ? betweenRevisions() : now();
  }

  private int betweenRevisions() throws CommandFailure {
    Comparison compared = revisions.readOffline(options);
    compared.require(environment.name());
    var diff = RevisionDiff.between(compared, environment.name());
    output.print(diff);
    return (diff.isEmpty() ? ExitCode.OK : ExitCode.DIFFERENCES).number();
  }

  private int now() throws CommandFailure {
    try (Wiring wiring = Wiring.ofPreview(options.load(Level.WARN))) {
      var oneShot =
          new OneShot(
              wiring.round(), wiring.source(), wiring.targets(), wiring.served(), wiring.setup());
      OneShotResult result = narrowed(oneShot.preview());
      output.print(new OneShotOutput(result));
      return exitCode(result).number();
    }
  }

  // Afterwards, since the others on a target are not orphaned by not being asked for.
  private OneShotResult narrowed(OneShotResult result) throws CommandFailure {
    String only = environment.name();
    InForce inForce = result.round().standing().inForce();
    if (only == null || inForce == null) {
      return result;
    }
    if (!inForce.declarations().environments().containsKey(only)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--environment %s: There is no such environment in force.%n  Name one of %s."
              .formatted(only, String.join(", ", inForce.declarations().environments().keySet())));
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
