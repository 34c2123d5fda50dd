package dev.tidewaiter.cli.impact;

import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.config.DaemonConfiguration.NamespaceLimits;
import dev.tidewaiter.desired.Admission;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.policy.Workload;
import dev.tidewaiter.reconcile.ServedTarget;
import dev.tidewaiter.target.TargetException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What runs in the clusters of one daemon at one time, as far as `impact` needs it: names, labels
/// and images, and no secret.
///
/// @param version of the form of this document
/// @param instance the daemon's name
/// @param environments those it serves; empty for all
public record ClustersSnapshot(
    int version,
    Instant takenAt,
    String instance,
    List<String> environments,
    List<Cluster> clusters) {
  /// The form that this release writes and reads.
  public static final int VERSION = 1;

  /// @param limits what declarations may select there
  /// @param ownNamespace of the daemon; empty if it runs elsewhere
  public record Cluster(
      String name,
      NamespaceLimits limits,
      String ownNamespace,
      Admission admission,
      List<Surroundings.Namespace> namespaces,
      List<Workload> workloads) {
    Surroundings.Cluster surroundings() {
      var byName = new TreeMap<String, Surroundings.Namespace>();
      namespaces.forEach(namespace -> byName.put(namespace.name(), namespace));
      return new Surroundings.Cluster(byName, admission);
    }
  }

  /// Asks the clusters.
  ///
  /// @param targets those of a configuration without a host
  /// @throws TargetException if one of them does not tell everything
  public static ClustersSnapshot take(
      DaemonConfiguration configuration, List<ServedTarget> targets, Instant now)
      throws TargetException {
    var clusters = new ArrayList<Cluster>();
    for (ServedTarget target : targets) {
      if (target.cluster() != null
          && target.target().surroundings() instanceof Surroundings.Cluster found) {
        clusters.add(cluster(target.cluster(), target, found));
      }
    }
    List<String> served = configuration.environments();
    return new ClustersSnapshot(
        VERSION,
        now,
        configuration.instance(),
        served == null ? List.of() : served,
        List.copyOf(clusters));
  }

  private static Cluster cluster(String name, ServedTarget target, Surroundings.Cluster found)
      throws TargetException {
    List<Surroundings.Namespace> namespaces = List.copyOf(found.namespaces().values());
    Set<String> names =
        namespaces.stream()
            .filter(namespace -> !namespace.terminating())
            .map(Surroundings.Namespace::name)
            .collect(Collectors.toSet());
    return new Cluster(
        name,
        target.limits(),
        target.ownNamespace(),
        found.admission(),
        namespaces,
        target.target().workloads(names));
  }

  boolean serves(String environment) {
    return environments.isEmpty() || environments.contains(environment);
  }
}
