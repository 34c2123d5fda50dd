package dev.tidewaiter.desired;

import dev.tidewaiter.config.Environment;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Turns the declarations of one environment into the resources that should exist on one target.
///
/// A retired environment has none, so that the planner withdraws everything. Namespaces that are
/// going away are left out and named in [Compiled#leftAlone]: whatever is ours there goes with
/// them.
public final class Compiler {
  private Compiler() {}

  public static Compiled compile(Compilation compilation) {
    return switch (compilation.surroundings()) {
      case Surroundings.Cluster cluster -> onCluster(compilation, cluster);
      case Surroundings.Host host -> onHost(compilation, host);
    };
  }

  private static Compiled onCluster(Compilation compilation, Surroundings.Cluster cluster) {
    var selection =
        new NamespaceSelection(
            compilation.limits(), compilation.target(), compilation.ownNamespace());
    Environment environment = compilation.environment();
    SortedMap<String, Surroundings.Namespace> selected =
        selection.select(environment, cluster.namespaces());
    Map<String, String> contested =
        new NamespaceClaims(selection, compilation.declarations())
            .contested(environment, selected.values());
    var served = new TreeMap<>(selected);
    served.keySet().removeAll(contested.keySet());
    var resources =
        new ClusterResources(
            environment, Served.by(compilation), new Assembly(compilation.sealer()));
    Assembly assembly = resources.build(served.values(), compilation.lingering());
    if (selection.serves(environment)) {
      var governed = new GovernedNamespaces(environment, selected, cluster.namespaces().values());
      Intent intent = Intent.of(compilation, governed, served.keySet(), resources.secretNames());
      govern(compilation, intent, cluster.admission(), assembly);
    }
    Set<String> leftAlone = new HashSet<>(contested.keySet());
    cluster.namespaces().values().stream()
        .filter(Surroundings.Namespace::terminating)
        .forEach(namespace -> leftAlone.add(namespace.name()));
    return assembly.compiled(compilation, contested, leftAlone);
  }

  private static void govern(
      Compilation compilation, Intent intent, Admission admission, Assembly assembly) {
    if (!intent.isEmpty()) {
      new ClusterPolicies(intent, admission, compilation, assembly).build();
      assembly.govern(intent.governance(compilation, admission));
    }
  }

  private static Compiled onHost(Compilation compilation, Surroundings.Host host) {
    Environment environment = compilation.environment();
    var assembly = new Assembly(compilation.sealer());
    var claims = new HostClaims(compilation.declarations());
    List<RuntimeFacts> managed = HostClaims.managed(environment, host);
    Map<String, String> contested =
        managed.isEmpty() ? Map.of() : claims.contested(environment, host);
    Environment.Hosts hosts = environment.hosts();
    if (contested.isEmpty() && hosts != null) {
      HostIntent intent = HostIntent.of(compilation, hosts, host);
      managed.forEach(new HostResources(intent, assembly)::build);
      assembly.govern(HostLacks.governance(compilation, intent, host));
    }
    Set<String> leftAlone = new HashSet<>(contested.keySet());
    leftAlone.addAll(HostClaims.missing(environment, host));
    leftAlone.addAll(host.unknown().keySet());
    return assembly.compiled(compilation, contested, leftAlone);
  }
}
