package dev.tidewaiter.plan;

import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Tells which prunes on a host only open it: those of a `hosts.toml` that refuses, and, once
/// nothing else is refused, of one without which its registry is reached in the same way.
///
/// The fields are those that `desired.RegistryHost` describes.
///
/// @param refusing scopes where a denial stands after the plan
record Opening(Set<String> refusing) {
  private static final String ENDPOINT = "endpoint/";

  static Opening of(Map<ResourceId, Resource> desired, Map<ResourceId, ObservedResource> observed) {
    Stream<ResourceId> kept =
        observed.values().stream()
            .filter(resource -> !(resource.holding() instanceof Holding.Ours))
            .map(ObservedResource::id);
    return new Opening(
        Stream.concat(desired.keySet().stream(), kept)
            .filter(id -> id.kind() == ResourceKind.DENIAL)
            .map(ResourceId::scope)
            .collect(Collectors.toUnmodifiableSet()));
  }

  Change.Prune prune(ObservedResource resource) {
    return opens(resource) ? Change.Prune.opening(resource.id()) : new Change.Prune(resource.id());
  }

  private boolean opens(ObservedResource resource) {
    return resource.id().kind() == ResourceKind.REGISTRY_HOST
        && (resource.fields().containsKey("denied")
            || (!refusing.contains(resource.id().scope())
                && resource.fields().keySet().stream().noneMatch(Opening::isOfAccess)
                && resource.fields().values().stream().noneMatch(Opening::isSpecial)));
  }

  /// A credential, or a server beside the registry itself.
  private static boolean isOfAccess(String field) {
    return field.startsWith("authorization/")
        || (field.startsWith(ENDPOINT) && !field.equals(ENDPOINT + "1"));
  }

  /// Another server in place of the registry, or one whose certificate is not checked.
  private static boolean isSpecial(ObservedField field) {
    String text = field.value().toString();
    return text.contains(" override-path") || text.contains(" skip-verify");
  }
}
