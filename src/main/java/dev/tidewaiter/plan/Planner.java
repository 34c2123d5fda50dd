package dev.tidewaiter.plan;

import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Compares what should exist with what exists, and decides what becomes of each resource.
///
/// Pure, and independent of the order of its arguments. What it never does holds for every input:
/// it prunes and overwrites nothing outside the inventory, and it takes away nothing because a
/// value is unknown. A namespace that is going away, or that could not be read, must be missing
/// from both arguments or named in `leftAlone`, or what is ours there would look undeclared.
public final class Planner {
  private Planner() {}

  /// A plan for a target on which no scope is left alone.
  public static Plan plan(
      List<Resource> desired, List<ObservedResource> observed, Restraint restraint) {
    return plan(desired, observed, restraint, Set.of());
  }

  /// @param leftAlone scopes in which nothing is done whatever they contain, because they are
  ///   contested or going away; what is ours there counts as unchanged
  /// @throws IllegalStateException if two resources on one side have the same id
  public static Plan plan(
      List<Resource> desired,
      List<ObservedResource> observed,
      Restraint restraint,
      Set<String> leftAlone) {
    var wanted = byId(desired, Resource::id);
    var present = byId(observed, ObservedResource::id);
    Opening opening = Opening.of(wanted, present);
    var draft = new Draft(restraint.freeze());
    for (Resource resource : wanted.values()) {
      if (leftAlone.contains(resource.id().scope())) {
        draft.leave(resource.id());
      } else {
        Comparison.compare(resource, present.get(resource.id()), draft);
      }
    }
    for (ObservedResource resource : present.values()) {
      if (!wanted.containsKey(resource.id())) {
        judgeUndeclared(resource, leftAlone, opening, draft);
      }
    }
    return draft.finish(restraint, owned(observed));
  }

  private static void judgeUndeclared(
      ObservedResource resource, Set<String> leftAlone, Opening opening, Draft draft) {
    if (!resource.hasOurs()) {
      return;
    }
    if (leftAlone.contains(resource.id().scope())) {
      draft.leave(resource.id());
      return;
    }
    switch (resource.holding()) {
      case Holding.Ours _ -> draft.add(opening.prune(resource));
      case Holding.Shared _ -> draft.add(Comparison.withdrawal(resource, Set.of()));
      case Holding.Elsewhere _, Holding.Foreign _ -> {}
    }
  }

  private static int owned(List<ObservedResource> observed) {
    return (int) observed.stream().filter(ObservedResource::hasOurs).count();
  }

  private static <T> Map<ResourceId, T> byId(List<T> resources, Function<T, ResourceId> id) {
    return resources.stream()
        .collect(
            Collectors.toMap(
                id,
                Function.identity(),
                (first, _) -> {
                  throw new IllegalStateException("there twice: " + id.apply(first));
                },
                TreeMap::new));
  }
}
