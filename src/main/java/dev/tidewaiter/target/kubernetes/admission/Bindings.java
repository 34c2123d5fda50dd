package dev.tidewaiter.target.kubernetes.admission;

import dev.tidewaiter.desired.Clause;
import dev.tidewaiter.desired.PolicyNames;
import dev.tidewaiter.desired.PolicyObject;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The bindings of policies to namespaces.
final class Bindings {
  /// The name of a namespace as a label, which the API server itself keeps.
  private static final String NAME = "kubernetes.io/metadata.name";

  private static final String INSTANCE = "tidewaiter.dev/instance";
  private static final String ENVIRONMENT = "tidewaiter.dev/environment";

  private Bindings() {}

  static ObjectNode spec(PolicyObject.AllowBinding binding) {
    ObjectNode spec = spec(binding.policy(), binding.clause());
    List<String> actions =
        switch (binding.actions()) {
          case DENY -> List.of("Deny", "Audit");
          case WARN -> List.of("Warn", "Audit");
          case AUDIT -> List.of("Audit");
        };
    Match.addAll(spec.putArray("validationActions"), actions);
    return spec;
  }

  static ObjectNode spec(PolicyObject.DefaultBinding binding) {
    return spec(binding.policy(), binding.clause());
  }

  private static ObjectNode spec(String policy, Clause clause) {
    ObjectNode spec = Match.object().put("policyName", policy);
    ObjectNode match = spec.putObject("matchResources").put("matchPolicy", "Equivalent");
    ObjectNode namespaces = match.putObject("namespaceSelector");
    ObjectNode pods = match.putObject("objectSelector");
    ArrayNode expressions = namespaces.putArray("matchExpressions");
    switch (clause) {
      case Clause.Names(List<String> names) -> expressions.add(expression(NAME, "In", names));
      case Clause.Labels(var labels) -> {
        expressions.add(notTheProof());
        ObjectNode matching = namespaces.putObject("matchLabels");
        labels.forEach(matching::put);
      }
      case Clause.Projects(List<String> ids) -> {
        expressions.add(notTheProof());
        expressions.add(expression(Clause.Projects.KEY, "In", ids));
      }
      case Clause.All() -> expressions.add(notTheProof());
      case Clause.Proof(String environment) -> {
        expressions.add(expression(NAME, "In", List.of(PolicyNames.PROOF_NAMESPACE)));
        // Another instance may have an environment of the same name.
        pods.putObject("matchLabels")
            .put(ENVIRONMENT, environment)
            .put(INSTANCE, PolicyNames.instance(policy));
      }
    }
    return spec;
  }

  /// The proof's namespace has pods of every environment, each for its own policy alone.
  private static ObjectNode notTheProof() {
    return expression(NAME, "NotIn", List.of(PolicyNames.PROOF_NAMESPACE));
  }

  private static ObjectNode expression(String key, String operator, List<String> values) {
    ObjectNode expression = Match.object().put("key", key).put("operator", operator);
    Match.addAll(expression.putArray("values"), values);
    return expression;
  }
}
