package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Target;
import dev.tidewaiter.target.TargetException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a cycle sees of a target. Policies that cannot be observed are left alone and do not hold
/// up the rest: no credential waits for them. Nor do pull Secrets of names that may not be looked
/// at.
///
/// @param observed in the covered scopes
/// @param unknown why policies could not be observed, for people; null if they were
/// @param denied names of pull Secrets that may not be looked at, and why, for people
/// @param kept entries of ServiceAccounts for these
record Sight(
    List<ObservedResource> observed,
    @Nullable String unknown,
    SortedMap<String, String> denied,
    Map<ResourceId, Map<String, DesiredField>> kept) {
  /// What the field of a ServiceAccount for a pull Secret begins with.
  static final String ENTRY = "imagePullSecrets/";

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
    var denied = new TreeMap<String, String>();
    var observed = new ArrayList<>(target.observe(environment, desired, denied::put));
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
    return new Sight(List.copyOf(observed), unknown, denied, kept(observed, denied));
  }

  private static Map<ResourceId, Map<String, DesiredField>> kept(
      List<ObservedResource> observed, Map<String, String> denied) {
    var kept = new HashMap<ResourceId, Map<String, DesiredField>>();
    denied.forEach(
        (name, why) ->
            observed.stream()
                .filter(one -> one.id().kind() == ResourceKind.SERVICE_ACCOUNT)
                .filter(one -> one.fields().containsKey(ENTRY + name))
                .forEach(
                    one ->
                        kept.computeIfAbsent(one.id(), _ -> new HashMap<>())
                            .put(ENTRY + name, new DesiredField.Withheld(why))));
    return kept;
  }

  /// What is desired, but entries for pull Secrets that may not be looked at: where there is one it
  /// stays, declared or not, and none is added for a Secret that may not be there.
  Resource known(Resource desired) {
    if (denied.isEmpty() || desired.id().kind() != ResourceKind.SERVICE_ACCOUNT) {
      return desired;
    }
    var fields = new TreeMap<>(desired.fields());
    denied.forEach(
        (name, why) ->
            fields.computeIfPresent(ENTRY + name, (_, _) -> new DesiredField.Withheld(why)));
    fields.putAll(kept.getOrDefault(desired.id(), Map.of()));
    return new Resource(desired.id(), fields);
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
    var conditions = new ArrayList<Condition>();
    denied
        .values()
        .forEach(
            why ->
                conditions.add(
                    new Condition(
                        Reason.AccessDenied,
                        why
                            + " They stay as they are, and all else goes on. Add the name to"
                            + " `resourceNames` in the RBAC manifest, and apply it")));
    if (unknown != null) {
      conditions.add(PolicyConditions.unknown(unknown));
    }
    return conditions;
  }
}
