package dev.tidewaiter.cli;

import dev.tidewaiter.cli.impact.ClustersSnapshot;
import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.reconcile.ServedTarget;
import dev.tidewaiter.target.TargetException;
import java.time.Clock;
import java.util.List;

/// The clusters of a daemon, asked once and only for what runs there; nothing is written, so no
/// state directory is needed.
final class Clusters {
  private Clusters() {}

  /// @throws CommandFailure if one does not answer, or may not be asked
  static ClustersSnapshot ask(DaemonConfiguration configuration) throws CommandFailure {
    if (configuration.clusters().isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "clusters: The configuration names none.\n  Name one, or for `impact` a file with"
              + " --snapshot.");
    }
    var clock = Clock.systemUTC();
    List<ServedTarget> targets = Targets.clusters(configuration, null, Sealer.withRandomKey());
    try {
      return ClustersSnapshot.take(configuration, targets, clock.instant());
    } catch (TargetException e) {
      throw new CommandFailure(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()));
    } finally {
      targets.forEach(target -> target.target().close());
    }
  }
}
