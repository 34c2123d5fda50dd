package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.plan.ObservedResource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The declared pull Secrets as those that take the place of others in their namespaces, and
/// whether they can.
///
/// One cannot give a login while that is withheld, while somebody else's Secret stands at its name,
/// or while its name may not be looked at.
///
/// @param denied names that may not be looked at
record Successors(
    Map<String, List<Resource>> byScope,
    Map<ResourceId, ObservedResource> observed,
    Set<String> denied) {

  static Successors of(Compiled placed, Sight sight) {
    return new Successors(
        placed.resources().stream()
            .filter(one -> one.id().kind() == ResourceKind.PULL_SECRET)
            .collect(Collectors.groupingBy(one -> one.id().scope())),
        sight.observed().stream()
            .filter(one -> one.id().kind() == ResourceKind.PULL_SECRET)
            .collect(Collectors.toMap(ObservedResource::id, Function.identity())),
        sight.denied().keySet());
  }

  /// Those of ours that are in the place of none: undeclared, where others are declared.
  List<ObservedResource> replaced() {
    Set<ResourceId> declared =
        byScope.values().stream()
            .flatMap(List::stream)
            .map(Resource::id)
            .collect(Collectors.toSet());
    return observed.values().stream()
        .filter(one -> one.holding() instanceof Holding.Ours)
        .filter(one -> byScope.containsKey(one.id().scope()) && !declared.contains(one.id()))
        .toList();
  }

  /// Whether a Secret gives a login that others should give in its place, and none of them can.
  boolean lackFor(ObservedResource secret) {
    return secret.fields().keySet().stream()
        .anyMatch(
            login -> {
              List<Resource> heirs =
                  in(secret).stream().filter(one -> one.fields().containsKey(login)).toList();
              return !heirs.isEmpty() && heirs.stream().noneMatch(heir -> gives(heir, login));
            });
  }

  private List<Resource> in(ObservedResource secret) {
    return byScope.getOrDefault(secret.id().scope(), List.of());
  }

  private boolean gives(Resource heir, String login) {
    if (denied.contains(heir.id().name())) {
      return false;
    }
    @Nullable ObservedResource there = observed.get(heir.id());
    boolean known = heir.fields().get(login) instanceof DesiredField.Known;
    if (there == null) {
      return known;
    }
    return switch (there.holding()) {
      case Holding.Ours _, Holding.Shared _ -> known || there.fields().containsKey(login);
      case Holding.Elsewhere _, Holding.Foreign _ -> false;
    };
  }
}
