package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Governance;
import dev.tidewaiter.desired.HostGovernance;
import dev.tidewaiter.desired.PolicyObject;
import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.plan.Plan;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.RuleBook;
import dev.tidewaiter.reconcile.activation.Enforced;
import dev.tidewaiter.reconcile.activation.Policies;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What of a declared regime the resources compiled for a target bring about.
///
/// Rules are judged on what a pod would really pull: with the default registry only where its
/// objects will be as they are declared.
final class Effective {
  private Effective() {}

  /// What will be there when a plan is carried out. Where something stands in the way, what is
  /// there stays; what another writer reverts is not relied on.
  ///
  /// @param contended resources that another writer reverts
  static Enforced after(
      Planned declared,
      Policies policies,
      List<ObservedResource> observed,
      Set<ResourceId> contended) {
    SortedMap<ResourceId, PolicyObject> objects = new TreeMap<>();
    declared.compiled().resources().stream()
        .filter(resource -> resource.id().kind().isPolicy())
        .forEach(resource -> objects.put(resource.id(), read(resource)));
    SortedMap<ResourceId, PolicyObject> there = Enforced.read(observed);
    for (ResourceId id : stuck(declared.plan())) {
      objects.remove(id);
      if (there.containsKey(id)) {
        objects.put(id, there.get(id));
      }
    }
    objects.keySet().removeAll(contended);
    return Enforced.by(policies.inForce(), objects);
  }

  private static Set<ResourceId> stuck(Plan plan) {
    var stuck = new HashSet<ResourceId>();
    plan.conflicts().forEach(conflict -> stuck.add(conflict.id()));
    plan.withheld().forEach(withheld -> stuck.add(withheld.id()));
    plan.held().forEach(change -> stuck.add(change.id()));
    plan.frozen().forEach(change -> stuck.add(change.id()));
    return stuck;
  }

  private static PolicyObject read(Resource resource) {
    SortedMap<String, String> fields = new TreeMap<>();
    resource
        .fields()
        .forEach(
            (name, field) -> {
              if (field instanceof DesiredField.Known(FieldValue.Plain(String text), _)) {
                fields.put(name, text);
              }
            });
    return PolicyObject.read(resource.id().kind(), fields);
  }

  /// What is declared, without rules that only audit or warn, on the images as the cluster changes
  /// them.
  static Regime enforced(Governance governance, Compiled compiled) {
    Regime declared = governance.regime();
    RuleBook rules = declared.rules();
    return new Regime(
        governance.denies()
            ? rules
            : new RuleBook(rules.environment(), rules.policy(), null, new TreeMap<>()),
        defaults(compiled) ? declared.defaultRegistry() : null,
        declared.credentials());
  }

  /// What is declared for a host: without the allow-list where no runtime of it denies, and without
  /// the default registry where none is redirected.
  static Regime enforced(HostGovernance governance, Compiled compiled) {
    Regime declared = governance.regime();
    RuleBook rules = declared.rules();
    boolean governed =
        compiled.resources().stream().anyMatch(resource -> resource.id().kind().governs());
    return new Regime(
        governance.denying().isEmpty()
            ? new RuleBook(rules.environment(), rules.policy(), null, new TreeMap<>())
            : rules,
        governed ? declared.defaultRegistry() : null,
        declared.credentials());
  }

  private static boolean defaults(Compiled compiled) {
    return compiled.resources().stream()
        .anyMatch(
            resource ->
                resource.id().kind() == ResourceKind.DEFAULT_POLICY
                    && resource.fields().containsKey("default"));
  }
}
