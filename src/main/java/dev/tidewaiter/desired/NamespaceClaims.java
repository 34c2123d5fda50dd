package dev.tidewaiter.desired;

import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Environment;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Finds the namespaces that more than one environment selects.
record NamespaceClaims(NamespaceSelection selection, Declarations declarations) {
  /// Those of `selected` that the environment must leave alone, and to whom each belongs.
  Map<String, String> contested(
      Environment environment, Collection<Surroundings.Namespace> selected) {
    var contested = new TreeMap<String, String>();
    for (Surroundings.Namespace namespace : selected) {
      Contest.loser(environment.name(), claimants(namespace), namespace.ownedBy())
          .ifPresent(whose -> contested.put(namespace.name(), whose));
    }
    return contested;
  }

  private List<String> claimants(Surroundings.Namespace namespace) {
    return declarations.environments().values().stream()
        .filter(environment -> selection.selects(environment, namespace))
        .map(Environment::name)
        .toList();
  }
}
