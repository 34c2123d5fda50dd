package dev.tidewaiter.desired;

import dev.tidewaiter.config.DaemonConfiguration.NamespaceLimits;
import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.Sealer;
import java.util.Map;
import java.util.Set;

/// Everything that compiling one environment for one target needs.
///
/// @param target the target's name, part of what an approval is bound to
/// @param limits what declarations may select there; for hosts, no limits
/// @param material by registry name; every active registry of the environment has an entry
/// @param lingering pull Secrets that lost their place while pods still name them, with the names
///   of the fields they have
/// @param enforcing how far denials may go now
/// @param instance the daemon's name, part of the names of policies
/// @param ownNamespace where the daemon itself runs in this cluster, selected only by name; empty
///   if it runs elsewhere
public record Compilation(
    Declarations declarations,
    Environment environment,
    String target,
    Surroundings surroundings,
    NamespaceLimits limits,
    Map<String, RegistryMaterial> material,
    Map<ResourceId, Set<String>> lingering,
    Sealer sealer,
    Enforcing enforcing,
    String instance,
    String ownNamespace) {
  /// For a target on which the daemon has no namespace: a host, or a cluster that it serves from
  /// elsewhere.
  public Compilation(
      Declarations declarations,
      Environment environment,
      String target,
      Surroundings surroundings,
      NamespaceLimits limits,
      Map<String, RegistryMaterial> material,
      Map<ResourceId, Set<String>> lingering,
      Sealer sealer) {
    this(
        declarations,
        environment,
        target,
        surroundings,
        limits,
        material,
        lingering,
        sealer,
        Enforcing.AS_DECLARED,
        "tidewaiter",
        "");
  }
}
