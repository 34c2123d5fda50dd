package dev.tidewaiter.config;

import tools.jackson.databind.JsonNode;

/// The first example of a schema, as YAML on one line.
final class Examples {
  private Examples() {}

  /// @return empty if there is none that fits on a line
  static String of(JsonNode schema) {
    String flow = flow(schema.path("examples").path(0));
    return flow.contains("\n") ? "" : flow;
  }

  private static String flow(JsonNode node) {
    if (node.isObject()) {
      return "{"
          + String.join(
              ", ",
              node.properties().stream().map(p -> p.getKey() + ": " + flow(p.getValue())).toList())
          + "}";
    }
    if (node.isArray()) {
      return "[" + String.join(", ", node.valueStream().map(Examples::flow).toList()) + "]";
    }
    return node.isMissingNode() ? "" : node.asString("");
  }
}
