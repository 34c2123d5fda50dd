package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.PolicyFields;
import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.DesiredField.Origin;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Pull Secrets that lost their place to others that cannot give all of their logins yet. For so
/// long, whatever names the others names them too: ServiceAccounts of their namespace, and what
/// adds pull Secrets to new pods, which knows no single namespace.
///
/// @param byNamespace their names
record StandIns(Map<String, Set<String>> byNamespace) {
  static final StandIns NONE = new StandIns(Map.of());

  private static final DesiredField PRESENT =
      new DesiredField.Known(new FieldValue.Plain("present"), Origin.DECLARED);

  static StandIns of(Collection<ResourceId> secrets) {
    return new StandIns(
        secrets.stream()
            .collect(
                Collectors.groupingBy(
                    ResourceId::scope,
                    Collectors.mapping(ResourceId::name, Collectors.toUnmodifiableSet()))));
  }

  /// What is desired, with their names where it names pull Secrets.
  Resource namedBy(Resource desired) {
    ResourceId id = desired.id();
    if (byNamespace.isEmpty()) {
      return desired;
    }
    if (id.kind() == ResourceKind.SERVICE_ACCOUNT) {
      return with(desired, Sight.ENTRY, byNamespace.getOrDefault(id.scope(), Set.of()));
    }
    return id.kind() == ResourceKind.DEFAULT_POLICY && addsAny(desired)
        ? with(
            desired,
            PolicyFields.SECRET,
            byNamespace.values().stream().flatMap(Set::stream).collect(Collectors.toSet()))
        : desired;
  }

  private static boolean addsAny(Resource policy) {
    return policy.fields().keySet().stream()
        .anyMatch(field -> field.startsWith(PolicyFields.SECRET));
  }

  private static Resource with(Resource desired, String prefix, Set<String> names) {
    var fields = new TreeMap<>(desired.fields());
    names.forEach(name -> fields.putIfAbsent(prefix + name, PRESENT));
    return new Resource(desired.id(), fields);
  }
}
