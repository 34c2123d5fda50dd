package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.Clause;
import dev.tidewaiter.desired.Exemption;
import dev.tidewaiter.desired.PolicyObject;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.policy.DefaultRegistry;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.RuleBook;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a cluster enforces of an environment now, read back from the objects that are there. What
/// only audits or warns is not enforced.
///
/// @param rules null if there are none that can be read
/// @param denied where they deny
/// @param defaultRegistry null for none
/// @param defaulted where it applies
record Enforced(
    @Nullable RuleBook rules,
    Coverage denied,
    @Nullable DefaultRegistry defaultRegistry,
    Coverage defaulted) {
  private static final Exemption NO_EXEMPTION = new Exemption(List.of(), List.of());

  /// @param policy the name of the objects in force, of either kind
  static Enforced of(String policy, List<ObservedResource> observed) {
    PolicyObject.@Nullable Allow allow = null;
    PolicyObject.@Nullable Default defaults = null;
    var denying = new ArrayList<Clause>();
    var defaulting = new ArrayList<Clause>();
    for (ObservedResource resource : observed) {
      switch (read(resource).orElse(null)) {
        case PolicyObject.Allow object when resource.id().name().equals(policy) -> allow = object;
        case PolicyObject.Default object when resource.id().name().equals(policy) ->
            defaults = object;
        case PolicyObject.AllowBinding(var of, var clause, var actions)
            when of.equals(policy) && actions == PolicyObject.Actions.DENY ->
            addUnlessProof(clause, denying);
        case PolicyObject.DefaultBinding(var of, var clause) when of.equals(policy) ->
            addUnlessProof(clause, defaulting);
        case null, default -> {}
      }
    }
    return new Enforced(
        allow == null ? null : allow.rules(),
        new Coverage(denying, allow == null ? NO_EXEMPTION : allow.exemption()),
        defaults == null ? null : defaults.registry(),
        new Coverage(defaulting, defaults == null ? NO_EXEMPTION : defaults.exemption()));
  }

  /// Whether anything is denied anywhere.
  boolean denies() {
    return rules != null && !denied.clauses().isEmpty();
  }

  /// What governs a namespace now, as far as it denies; empty if it denies nothing there.
  Optional<Regime> in(Surroundings.Namespace namespace) {
    RuleBook book = rules;
    return book == null || !denied.covers(namespace)
        ? Optional.empty()
        : Optional.of(
            new Regime(book, defaulted.covers(namespace) ? defaultRegistry : null, Set.of()));
  }

  // Where the proof is made nothing runs.
  private static void addUnlessProof(Clause clause, List<Clause> clauses) {
    if (!(clause instanceof Clause.Proof)) {
      clauses.add(clause);
    }
  }

  // What cannot be read enforces nothing that could be relied on, and is corrected anyway.
  private static Optional<PolicyObject> read(ObservedResource resource) {
    ResourceKind kind = resource.id().kind();
    if (!Policies.isPolicy(kind) || !resource.hasOurs()) {
      return Optional.empty();
    }
    SortedMap<String, String> fields = new TreeMap<>();
    resource
        .fields()
        .forEach(
            (name, field) -> {
              if (field.value() instanceof FieldValue.Plain(String text)
                  && !name.equals(Policies.EDITED)) {
                fields.put(name, text);
              }
            });
    try {
      return Optional.of(PolicyObject.read(kind, fields));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
