package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.plan.Plan;
import dev.tidewaiter.plan.Restraint.Freeze;
import dev.tidewaiter.target.StillNamed;
import dev.tidewaiter.target.Target;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Pull Secrets of ours that lost their place to others in the same namespace (a rename, a change
/// of mode), while pods still name them.
///
/// While declared state is frozen all of them linger, whoever names them and for however long:
/// those in their place cannot be made, nor can ServiceAccounts be told of them. So does one whose
/// [successors][Successors] cannot give what it gives, and it [stands in][StandIns] for them.
///
/// @param fields names of the fields of each
/// @param named those that pods are known to name; none while declared state is frozen
/// @param frozen the withdrawals that a freeze puts off
record Lingering(
    Map<ResourceId, Set<String>> fields,
    Set<ResourceId> named,
    StandIns standIns,
    List<Change> frozen,
    List<Condition> notes) {
  /// Where pods cannot be listed, all that could linger do. Touches nothing.
  static Lingering find(Target target, Assignment assignment, Compiled placed, Sight sight) {
    var successors = Successors.of(placed, sight);
    List<ObservedResource> candidates = successors.replaced();
    var fields = new TreeMap<ResourceId, Set<String>>();
    candidates.forEach(one -> fields.put(one.id(), Set.copyOf(one.fields().keySet())));
    if (assignment.freeze() != Freeze.NOTHING) {
      return new Lingering(fields, Set.of(), StandIns.NONE, prunes(fields.keySet()), List.of());
    }
    Set<ResourceId> needed =
        candidates.stream()
            .filter(successors::lackFor)
            .map(ObservedResource::id)
            .collect(Collectors.toSet());
    var asked = new HashSet<>(fields.keySet());
    asked.removeAll(needed);
    StillNamed still =
        asked.isEmpty()
            ? StillNamed.NONE
            : target.lingering(assignment.environment().name(), Set.copyOf(asked));
    fields
        .keySet()
        .removeIf(
            id ->
                !needed.contains(id)
                    && !still.named().contains(id)
                    && !still.unknown().containsKey(id));
    return new Lingering(
        fields, still.named(), StandIns.of(needed), List.of(), notes(still.unknown()));
  }

  /// With the withdrawals that the freeze puts off.
  Plan completed(Plan plan) {
    var all = new ArrayList<>(plan.frozen());
    all.addAll(frozen);
    return plan.withFrozen(all);
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
}
