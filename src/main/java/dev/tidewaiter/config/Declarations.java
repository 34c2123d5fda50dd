package dev.tidewaiter.config;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

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
}
