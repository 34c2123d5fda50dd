package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.plan.Plan;
import dev.tidewaiter.plan.Restraint.Freeze;
import dev.tidewaiter.target.StillNamed;
import dev.tidewaiter.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Pull Secrets of ours that lost their place to others in the same namespace (a rename, a change
/// of mode), while pods still name them.
///
/// While declared state is frozen all of them linger, whoever names them and for however long:
/// those in their place cannot be made, nor can ServiceAccounts be told of them.
///
/// @param fields names of the fields of each
/// @param named those that pods are known to name; none while declared state is frozen
/// @param frozen the withdrawals that a freeze puts off
record Lingering(
    Map<ResourceId, Set<String>> fields,
    Set<ResourceId> named,
    List<Change> frozen,
    List<Condition> notes) {

  /// Where pods cannot be listed, all that could linger do. Touches nothing.
  static Lingering find(
      Target target, Assignment assignment, Compiled placed, List<ObservedResource> observed) {
    Map<ResourceId, Set<String>> candidates = candidates(placed, observed);
    Set<ResourceId> ids = Set.copyOf(candidates.keySet());
    if (assignment.freeze() != Freeze.NOTHING) {
      return new Lingering(candidates, Set.of(), prunes(candidates.keySet()), List.of());
    }
    StillNamed still =
        ids.isEmpty() ? StillNamed.NONE : target.lingering(assignment.environment().name(), ids);
    candidates
        .keySet()
        .removeIf(id -> !still.named().contains(id) && !still.unknown().containsKey(id));
    return new Lingering(candidates, still.named(), List.of(), notes(still.unknown()));
  }

  /// With the withdrawals that the freeze puts off.
  Plan completed(Plan plan) {
    var all = new ArrayList<>(plan.frozen());
    all.addAll(frozen);
    return new Plan(
        plan.changes(),
        plan.unchanged(),
        plan.withheld(),
        plan.held(),
        plan.conflicts(),
        all,
        plan.denials(),
        plan.approval());
  }

  private static List<Change> prunes(Set<ResourceId> ids) {
    return ids.stream().<Change>map(Change.Prune::new).toList();
  }

  private static List<Condition> notes(Map<ResourceId, String> unknown) {
    return unknown.entrySet().stream()
        .min(Map.Entry.comparingByKey())
        .map(
            first ->
                new Condition(
                    Reason.TargetUnavailable,
                    "%d pull Secret(s) stay, because pods may name them: %s"
                        .formatted(unknown.size(), first.getValue())))
        .stream()
        .toList();
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
