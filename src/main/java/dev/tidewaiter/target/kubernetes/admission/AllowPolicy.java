package dev.tidewaiter.target.kubernetes.admission;

import dev.tidewaiter.desired.PolicyObject;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A rule book as a `ValidatingAdmissionPolicy`.
///
/// What cannot be judged is refused. Nothing that Kubernetes 1.30 does not know is used.
final class AllowPolicy {
  private static final List<String> WRITES = List.of("CREATE", "UPDATE");
  private static final List<String> PODS = List.of("pods", "pods/ephemeralcontainers");

  private AllowPolicy() {}

  static ObjectNode spec(PolicyObject.Allow allow) {
    ObjectNode spec = Match.object().put("failurePolicy", "Fail");
    spec.set("matchConstraints", Match.constraints(Match.rule(WRITES, PODS)));
    spec.putArray("matchConditions")
        .add(Match.governed(allow.exemption()))
        .add(Match.notMirrored());
    ArrayNode variables = spec.putArray("variables");
    var judgement = new Judgement(allow);
    judgement.steps().forEach((name, expression) -> variables.add(Match.named(name, expression)));
    spec.putArray("validations")
        .addObject()
        .put("expression", "variables.denied.size() == 0")
        .put("reason", "Forbidden")
        .put("messageExpression", judgement.message())
        .put("message", instead(allow.rules().environment()));
    return spec;
  }

  /// What is said where the sentence would be longer than the server takes.
  private static String instead(String environment) {
    return "An image of this pod is not allowed in environment \"%s\".".formatted(environment);
  }
}
