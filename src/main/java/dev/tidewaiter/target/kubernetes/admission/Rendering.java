package dev.tidewaiter.target.kubernetes.admission;

import dev.tidewaiter.desired.PolicyObject;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What an API server is told to enforce.
public final class Rendering {
  private Rendering() {}

  /// The `spec` of the object: a `ValidatingAdmissionPolicy` in `v1`, a `MutatingAdmissionPolicy`
  /// in `v1` or `v1beta1`, which differ in nothing that is used, or a binding of either.
  ///
  /// What the server would fill in by itself, and what would weaken the policy if it were filled in
  /// by another, is written out.
  public static ObjectNode spec(PolicyObject object) {
    return switch (object) {
      case PolicyObject.Allow allow -> AllowPolicy.spec(allow);
      case PolicyObject.Default standard -> DefaultPolicy.spec(standard);
      case PolicyObject.AllowBinding binding -> Bindings.spec(binding);
      case PolicyObject.DefaultBinding binding -> Bindings.spec(binding);
    };
  }

  /// Whether a live `spec` does what the rendered one does. What a server fills in without being
  /// told does not count: single values and empty ones of fields that are not rendered. Anything
  /// more does, such as a condition or a selector that somebody added.
  public static boolean sameAs(JsonNode rendered, JsonNode live) {
    if (rendered.isObject() && live.isObject()) {
      return rendered
              .propertyStream()
              .allMatch(field -> has(live, field.getKey(), field.getValue()))
          && live.propertyStream()
              .allMatch(field -> rendered.has(field.getKey()) || isFilledIn(field.getValue()));
    }
    if (rendered.isArray() && live.isArray()) {
      if (rendered.size() != live.size()) {
        return false;
      }
      for (int i = 0; i < rendered.size(); i++) {
        if (!sameAs(rendered.get(i), live.get(i))) {
          return false;
        }
      }
      return true;
    }
    return rendered.equals(live);
  }

  private static boolean has(JsonNode live, String field, JsonNode rendered) {
    return live.has(field) && sameAs(rendered, live.get(field));
  }

  private static boolean isFilledIn(JsonNode value) {
    return !value.isContainer() || value.isEmpty();
  }
}
