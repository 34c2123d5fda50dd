package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Target;
import dev.tidewaiter.target.TargetException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a cycle sees of a target. Policies that cannot be observed are left alone and do not hold
/// up the rest: no credential waits for them.
///
/// @param observed in the covered scopes
/// @param unknown why policies could not be observed, for people; null if they were
record Sight(List<ObservedResource> observed, @Nullable String unknown) {

  /// Policies of a sort that the surroundings say the cluster lacks do not count. While one of
  /// several API servers is upgraded, what was compiled from one answer may be observed with
  /// another, and would look undeclared.
  static Sight of(
      Target target,
      String environment,
      Surroundings surroundings,
      Set<ResourceId> desired,
      Trigger trigger)
      throws TargetException {
    var observed = new ArrayList<>(target.observe(environment, desired));
    String unknown = null;
    if (surroundings instanceof Surroundings.Cluster(var _, var admission)
        && trigger.covers(ResourceId.CLUSTER_WIDE)) {
      try {
        target.observePolicies(environment, desired).stream()
            .filter(policy -> admission.has(policy.id().kind()))
            .forEach(observed::add);
      } catch (TargetException e) {
        unknown = String.valueOf(e.getMessage());
      }
    }
    observed.removeIf(one -> !trigger.covers(one.id().scope()));
    return new Sight(List.copyOf(observed), unknown);
  }

  /// With the scope of policies, if they could not be observed.
  Set<String> leftAlone(Set<String> scopes) {
    if (unknown == null) {
      return scopes;
    }
    var all = new HashSet<>(scopes);
    all.add(ResourceId.CLUSTER_WIDE);
    return all;
  }

  List<Condition> conditions() {
    return unknown == null ? List.of() : List.of(PolicyConditions.unknown(unknown));
  }
}
