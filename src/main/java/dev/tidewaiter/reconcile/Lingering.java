package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Target;
import dev.tidewaiter.target.TargetException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Pull Secrets of ours that lost their place to others in the same namespace (a rename, a change
/// of mode), while pods still name them.
///
/// @param fields names of the fields of each
record Lingering(Map<ResourceId, Set<String>> fields, List<Condition> notes) {
  private static final Lingering NONE = new Lingering(Map.of(), List.of());

  /// If pods cannot be listed, all that could linger do.
  static Lingering find(
      Target target, String environment, Compiled placed, List<ObservedResource> observed) {
    Map<ResourceId, Set<String>> candidates = candidates(placed, observed);
    if (candidates.isEmpty()) {
      return NONE;
    }
    try {
      candidates.keySet().retainAll(target.lingering(environment, Set.copyOf(candidates.keySet())));
      return new Lingering(candidates, List.of());
    } catch (TargetException e) {
      return new Lingering(
          candidates,
          List.of(
              new Condition(
                  Reason.TargetUnavailable,
                  "%d pull Secret(s) stay, because pods may name them: %s"
                      .formatted(candidates.size(), e.getMessage()))));
    }
  }

  private static Map<ResourceId, Set<String>> candidates(
      Compiled placed, List<ObservedResource> observed) {
    Set<ResourceId> desired =
        placed.resources().stream()
            .map(Resource::id)
            .filter(id -> id.kind() == ResourceKind.PULL_SECRET)
            .collect(Collectors.toSet());
    Set<String> served = desired.stream().map(ResourceId::scope).collect(Collectors.toSet());
    var candidates = new TreeMap<ResourceId, Set<String>>();
    for (ObservedResource resource : observed) {
      ResourceId id = resource.id();
      if (id.kind() == ResourceKind.PULL_SECRET
          && resource.holding() instanceof Holding.Ours
          && served.contains(id.scope())
          && !desired.contains(id)) {
        candidates.put(id, Set.copyOf(resource.fields().keySet()));
      }
    }
    return candidates;
  }
}
