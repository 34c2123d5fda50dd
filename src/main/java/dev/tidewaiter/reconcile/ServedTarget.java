package dev.tidewaiter.reconcile;

import dev.tidewaiter.config.DaemonConfiguration.NamespaceLimits;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.target.Target;
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

  String name() {
    return target.name();
  }
}
