package dev.tidewaiter.desired;

import dev.tidewaiter.config.Environment;
import dev.tidewaiter.config.Environment.PullSecret;
import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.DesiredField.Origin;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The pull Secrets of an environment in each of its namespaces, and the ServiceAccount entries
/// that point to them.
final class ClusterResources {
  private static final DesiredField PRESENT =
      new DesiredField.Known(new FieldValue.Plain("present"), Origin.DECLARED);
  private static final DesiredField SECRET_UNKNOWN =
      new DesiredField.Withheld("no entry of the pull Secret is known");

  private final Environment environment;
  private final Assembly assembly;
  private final List<Served> withCredential;
  private final Map<String, List<Served>> bySecret;

  ClusterResources(Environment environment, List<Served> served, Assembly assembly) {
    this.environment = environment;
    this.assembly = assembly;
    this.withCredential = served.stream().filter(Served::hasCredential).toList();
    this.bySecret =
        withCredential.stream()
            .collect(
                Collectors.groupingBy(
                    registry -> secretName(environment.pullSecret(), registry),
                    TreeMap::new,
                    Collectors.toList()));
  }

  private static String secretName(PullSecret pullSecret, Served served) {
    return switch (pullSecret.mode()) {
      case MERGED -> pullSecret.name();
      case PER_REGISTRY -> pullSecret.name() + "-" + served.registry().name();
    };
  }

  /// Names of the pull Secrets that every namespace of the environment has.
  Set<String> secretNames() {
    return bySecret.keySet();
  }

  /// @param lingering pull Secrets that lost their place, with the fields they have
  Assembly build(
      Collection<Surroundings.Namespace> namespaces, Map<ResourceId, Set<String>> lingering) {
    for (Surroundings.Namespace namespace : namespaces) {
      bySecret.forEach((name, registries) -> addSecret(namespace.name(), name, registries));
      addServiceAccounts(namespace);
    }
    Set<String> names =
        namespaces.stream().map(Surroundings.Namespace::name).collect(Collectors.toSet());
    lingering.forEach(
        (id, fields) -> {
          if (names.contains(id.scope()) && !assembly.has(id)) {
            keepFresh(id, fields);
          }
        });
    return assembly;
  }

  private void addSecret(String namespace, String name, List<Served> registries) {
    var id = new ResourceId(ResourceKind.PULL_SECRET, namespace, name);
    assembly.add(id, assembly.authFields(id, registries));
  }

  // A Secret that is still named by pods gets no new entry, and loses those that are no longer
  // declared: deleting a registry must not wait for a pod.
  private void keepFresh(ResourceId id, Set<String> fields) {
    var still =
        withCredential.stream().filter(served -> fields.contains(served.authField())).toList();
    assembly.add(id, assembly.authFields(id, still));
  }

  private void addServiceAccounts(Surroundings.Namespace namespace) {
    Set<String> existing = Set.copyOf(namespace.serviceAccounts());
    Set<String> named = Set.copyOf(environment.serviceAccounts().names());
    assembly.countAbsentServiceAccounts(
        (int) named.stream().filter(name -> !existing.contains(name)).count());
    SortedMap<String, DesiredField> entries = entries();
    for (String name : existing) {
      if (environment.serviceAccounts().all() || named.contains(name)) {
        assembly.add(new ResourceId(ResourceKind.SERVICE_ACCOUNT, namespace.name(), name), entries);
      }
    }
  }

  // An entry must not point to a Secret that cannot be made yet, and must not go because of that.
  private SortedMap<String, DesiredField> entries() {
    var fields = new TreeMap<String, DesiredField>();
    bySecret.forEach(
        (name, registries) -> {
          boolean known = registries.stream().anyMatch(served -> served.credential() != null);
          fields.put("imagePullSecrets/" + name, known ? PRESENT : SECRET_UNKNOWN);
        });
    return fields;
  }
}
