package dev.tidewaiter.target.kubernetes.admission;

import dev.tidewaiter.desired.PolicyObject;
import dev.tidewaiter.policy.DefaultRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A default registry, and pull Secrets to inject, as a `MutatingAdmissionPolicy`.
///
/// A pod that needs neither is not touched at all: that is a condition, since whatever a policy is
/// invoked for has the others invoked again. Containers, volumes and the references to Secrets are
/// lists by name: what is applied to one leaves the others alone. The list of `imagePullSecrets` is
/// atomic for configurations that are applied, so that it alone is patched.
final class DefaultPolicy {
  static final String CREATES = "request.operation == 'CREATE'";
  private static final String HAS_SECRETS =
      "(has(object.spec.imagePullSecrets) && object.spec.imagePullSecrets != null)";

  private DefaultPolicy() {}

  static ObjectNode spec(PolicyObject.Default standard) {
    DefaultRegistry registry = standard.registry();
    Collection<String> secrets = new TreeSet<>(standard.pullSecrets());
    ObjectNode spec =
        Match.object().put("failurePolicy", "Fail").put("reinvocationPolicy", "IfNeeded");
    spec.set(
        "matchConstraints",
        Match.constraints(
            Match.rule(List.of("CREATE"), List.of("pods")),
            Match.rule(List.of("UPDATE"), List.of("pods/ephemeralcontainers"))));
    ArrayNode conditions = spec.putArray("matchConditions");
    conditions.add(Match.governed(standard.exemption()));
    conditions.add(Match.named("needed", needed(registry, secrets)));
    conditions.add(Match.notMirrored());
    ArrayNode mutations = spec.putArray("mutations");
    if (registry != null) {
      spec.putArray("variables").add(Match.named(Moved.HOSTLESS, Moved.hostless()));
      mutations
          .addObject()
          .put("patchType", "ApplyConfiguration")
          .putObject("applyConfiguration")
          .put("expression", Moved.applied(registry));
    }
    if (!secrets.isEmpty()) {
      mutations
          .addObject()
          .put("patchType", "JSONPatch")
          .putObject("jsonPatch")
          .put("expression", injected(secrets));
    }
    return spec;
  }

  private static String injected(Collection<String> secrets) {
    return """
    %1$s ? (%2$s ? [] : [JSONPatch{op: 'add', path: '/spec/imagePullSecrets', value: []}])
      + %3$s.map(n, JSONPatch{op: 'add', path: '/spec/imagePullSecrets/-', value: {'name': n}})
      : []\
    """
        .formatted(CREATES, HAS_SECRETS, missing(secrets));
  }

  /// Names that the pod does not have yet.
  private static String missing(Collection<String> secrets) {
    return "%s.filter(n, !(%s && object.spec.imagePullSecrets.exists(s, has(s.name) && s.name == n)))"
        .formatted(Cel.list(secrets), HAS_SECRETS);
  }

  /// Whether there is anything to do.
  private static String needed(@Nullable DefaultRegistry registry, Collection<String> secrets) {
    var needs = new ArrayList<String>();
    if (!secrets.isEmpty()) {
      needs.add("(%s && %s.size() > 0)".formatted(CREATES, missing(secrets)));
    }
    if (registry != null) {
      needs.add(Moved.any());
    }
    return String.join("\n  || ", needs);
  }
}
