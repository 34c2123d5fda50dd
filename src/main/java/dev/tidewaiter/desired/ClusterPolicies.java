package dev.tidewaiter.desired;

import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.DesiredField.Origin;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.policy.DefaultRegistry;
import dev.tidewaiter.policy.RuleBook;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The policies of one environment on one cluster, each with a binding for every clause. What the
/// cluster cannot enforce is left out.
final class ClusterPolicies {
  private final Intent intent;
  private final Admission admission;
  private final Enforcing enforcing;
  private final String name;
  private final Assembly assembly;

  ClusterPolicies(Intent intent, Admission admission, Compilation compilation, Assembly assembly) {
    this.intent = intent;
    this.admission = admission;
    this.enforcing = compilation.enforcing();
    this.name = PolicyNames.policy(compilation.instance(), compilation.environment().name());
    this.assembly = assembly;
  }

  void build() {
    if (admission.mutating() != Admission.Mutating.NONE) {
      addDefaults();
    }
    if (admission.validating() && !intent.regime().rules().isOpen()) {
      addAllowed(name, declaredActions());
      if (intent.denies()) {
        bind(
            PolicyObject.Actions.DENY,
            name,
            new Clause.Proof(intent.regime().rules().environment()));
        if (enforcing.extent() == Enforcing.Extent.CANDIDATE) {
          addAllowed(PolicyNames.candidateOf(name), PolicyObject.Actions.WARN);
        }
      }
    }
  }

  // The proof's binding denies even where the policy was rolled back: only there can be seen
  // whether it does by now what it says.
  private PolicyObject.Actions declaredActions() {
    return enforcing.extent() == Enforcing.Extent.ROLLED_BACK
        ? PolicyObject.Actions.AUDIT
        : intent.actions();
  }

  private void addAllowed(String policy, PolicyObject.Actions actions) {
    RuleBook rules = intent.regime().rules();
    DefaultRegistry hint =
        admission.mutating() == Admission.Mutating.NONE ? intent.regime().defaultRegistry() : null;
    add(ResourceKind.ALLOW_POLICY, policy, new PolicyObject.Allow(rules, intent.exemption(), hint));
    intent.clauses().forEach(clause -> bind(actions, policy, clause));
  }

  private void bind(PolicyObject.Actions actions, String policy, Clause clause) {
    add(
        ResourceKind.ALLOW_BINDING,
        PolicyNames.binding(policy, word(clause)),
        new PolicyObject.AllowBinding(policy, clause, actions));
  }

  // A namespace that the declared policy exempts still gets the pull Secrets: they are none of the
  // policy's doing. One that another environment delivers to has the default registry, which
  // decides what the rules mean there, and no injection. Then the two are policies of their own.
  private void addDefaults() {
    DefaultRegistry registry = intent.regime().defaultRegistry();
    boolean apart =
        registry != null
            && !intent.injected().isEmpty()
            && !intent.exemption().equals(intent.injectionExemption());
    if (apart) {
      addDefault(name, registry, List.of(), intent.exemption());
      addDefault(
          PolicyNames.injectionOf(name), null, intent.injected(), intent.injectionExemption());
    } else if (registry != null) {
      addDefault(name, registry, intent.injected(), intent.exemption());
    } else if (!intent.injected().isEmpty()) {
      addDefault(name, null, intent.injected(), intent.injectionExemption());
    }
  }

  private void addDefault(
      String policy,
      @Nullable DefaultRegistry registry,
      List<String> secrets,
      Exemption exemption) {
    String environment = intent.regime().rules().environment();
    add(
        ResourceKind.DEFAULT_POLICY,
        policy,
        new PolicyObject.Default(environment, registry, secrets, exemption));
    intent.clauses().forEach(clause -> bindDefault(policy, clause));
    bindDefault(policy, new Clause.Proof(environment));
  }

  private void bindDefault(String policy, Clause clause) {
    add(
        ResourceKind.DEFAULT_BINDING,
        PolicyNames.binding(policy, word(clause)),
        new PolicyObject.DefaultBinding(policy, clause));
  }

  private void add(ResourceKind kind, String object, PolicyObject meaning) {
    var fields = new TreeMap<String, DesiredField>();
    meaning
        .fields()
        .forEach(
            (field, text) ->
                fields.put(
                    field, new DesiredField.Known(new FieldValue.Plain(text), Origin.DECLARED)));
    assembly.add(new ResourceId(kind, ResourceId.CLUSTER_WIDE, object), fields);
  }

  private static String word(Clause clause) {
    return switch (clause) {
      case Clause.Names _ -> "names";
      case Clause.Labels _ -> "labels";
      case Clause.Projects _ -> "projects";
      case Clause.All _ -> "all";
      case Clause.Proof _ -> "proof";
    };
  }
}
