package dev.tidewaiter.config;

import dev.tidewaiter.model.SecretReference;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// All documents of one snapshot, validated, with every reference among them resolved.
///
/// @param registries by name
/// @param policies by name
/// @param environments by name
/// @param superseded by environment: registry that lost its address to the registry that serves it,
///   by name
public record Declarations(
    SortedMap<String, Registry> registries,
    SortedMap<String, RegistryPolicy> policies,
    SortedMap<String, Environment> environments,
    Map<String, Map<String, String>> superseded) {
  public Declarations {
    registries = Collections.unmodifiableSortedMap(new TreeMap<>(registries));
    policies = Collections.unmodifiableSortedMap(new TreeMap<>(policies));
    environments = Collections.unmodifiableSortedMap(new TreeMap<>(environments));
    superseded = Map.copyOf(superseded);
  }

  /// The registries whose credentials an environment gets, in the order it lists them: active, and
  /// not superseded there. None if it is retired.
  public List<Registry> serving(Environment environment) {
    if (environment.state() == Environment.State.RETIRED) {
      return List.of();
    }
    Set<String> losers = superseded.getOrDefault(environment.name(), Map.of()).keySet();
    Map<String, Registry> byName = registries;
    return environment.registries().stream()
        .filter(name -> !losers.contains(name))
        .map(byName::get)
        .filter(Objects::nonNull)
        .filter(registry -> registry.state() == Registry.State.ACTIVE)
        .toList();
  }

  /// Each secret that these environments need, once.
  public Set<SecretReference> secretReferences(Collection<Environment> environments) {
    return environments.stream()
        .flatMap(environment -> serving(environment).stream())
        .flatMap(registry -> registry.secretReferences().values().stream())
        .collect(Collectors.toUnmodifiableSet());
  }
}
