package dev.tidewaiter.reconcile.activation;

import dev.tidewaiter.desired.Clause;
import dev.tidewaiter.desired.Exemption;
import dev.tidewaiter.desired.PolicyObject;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.policy.DefaultRegistry;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.RuleBook;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a cluster enforces of an environment by its policy objects: by those that are there now, or
/// that will be. What only audits or warns is not enforced.
///
/// @param rules null if there are none that can be read
/// @param denied where they deny
/// @param defaultRegistry null for none
/// @param defaulted where it applies
public record Enforced(
    @Nullable RuleBook rules,
    Coverage denied,
    @Nullable DefaultRegistry defaultRegistry,
    Coverage defaulted) {
  private static final Exemption NO_EXEMPTION = new Exemption(List.of(), List.of());

  /// @param policy the name of the objects in force, of either kind
  public static Enforced of(String policy, List<ObservedResource> observed) {
    return by(policy, read(observed));
  }

  /// @param policy the name of the objects in force, of either kind
  public static Enforced by(String policy, Map<ResourceId, PolicyObject> objects) {
    PolicyObject.@Nullable Allow allow = null;
    PolicyObject.@Nullable Default defaults = null;
    var denying = new ArrayList<Clause>();
    var defaulting = new ArrayList<Clause>();
    for (Map.Entry<ResourceId, PolicyObject> entry : objects.entrySet()) {
      boolean isPolicy = entry.getKey().name().equals(policy);
      switch (entry.getValue()) {
        case PolicyObject.Allow object when isPolicy -> allow = object;
        case PolicyObject.Default object when isPolicy -> defaults = object;
        case PolicyObject.AllowBinding(var of, var clause, var actions)
            when of.equals(policy) && actions == PolicyObject.Actions.DENY ->
            addUnlessProof(clause, denying);
        case PolicyObject.DefaultBinding(var of, var clause) when of.equals(policy) ->
            addUnlessProof(clause, defaulting);
        default -> {}
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
        : Optional.of(new Regime(book, defaultIn(namespace), Set.of()));
  }

  /// The default registry in a namespace; null for none.
  @Nullable DefaultRegistry defaultIn(Surroundings.Namespace namespace) {
    return defaulted.covers(namespace) ? defaultRegistry : null;
  }

  /// What observed resources of ours stand for.
  public static SortedMap<ResourceId, PolicyObject> read(List<ObservedResource> observed) {
    var objects = new TreeMap<ResourceId, PolicyObject>();
    observed.forEach(one -> read(one).ifPresent(object -> objects.put(one.id(), object)));
    return objects;
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
    if (!kind.isPolicy() || !resource.hasOurs()) {
      return Optional.empty();
    }
    SortedMap<String, String> fields = new TreeMap<>();
    resource
        .fields()
        .forEach(
            (name, field) -> {
              if (field.value() instanceof FieldValue.Plain(String text)
                  && !name.equals(PolicyObject.EDITED)) {
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
