package dev.tidewaiter.reconcile;

import dev.tidewaiter.config.DaemonConfiguration.NamespaceLimits;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.target.Target;
import dev.tidewaiter.target.TargetException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A target of this daemon, with what its configuration says about it.
///
/// @param cluster the cluster's name as environments write it; null for a host
/// @param limits what declarations may select there; none for a host
/// @param ownNamespace where the daemon itself runs in this cluster; empty if it runs elsewhere
public record ServedTarget(
    Target target, @Nullable String cluster, NamespaceLimits limits, String ownNamespace) {

  public static ServedTarget host(Target target) {
    return new ServedTarget(target, null, new NamespaceLimits(List.of(), List.of()), "");
  }

  /// Whether an environment has anything to do here, going by its declaration alone.
  boolean isSelectedBy(Environment environment) {
    if (cluster == null) {
      return environment.hosts() != null;
    }
    var clusters = environment.clusters();
    return clusters == null || clusters.contains(cluster);
  }

  /// Whether an environment is written here: it is Active and selects the target as it is now. Also
  /// true of a host that cannot tell.
  boolean serves(Environment environment) {
    if (environment.state() != Environment.State.ACTIVE || !isSelectedBy(environment)) {
      return false;
    }
    try {
      return cluster != null
          || !(target.surroundings() instanceof Surroundings.Host host)
          || host.isSelectedBy(environment);
    } catch (TargetException _) {
      return true;
    }
  }

  String name() {
    return target.name();
  }
}
