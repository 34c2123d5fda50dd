package dev.tidewaiter.config;

import tools.jackson.databind.JsonNode;

/// The types of JSON Schema in the words of people.
final class Words {
  private Words() {}

  /// What a `type` keyword asks for.
  static String types(JsonNode type) {
    if (type.isArray()) {
      return String.join(" or ", type.valueStream().map(t -> word(t.asString(""))).toList());
    }
    return word(type.asString(""));
  }

  private static String word(String type) {
    return switch (type) {
      case "string" -> "text";
      case "object" -> "a mapping";
      case "array" -> "a list";
      case "integer" -> "a whole number";
      case "boolean" -> "`true` or `false`";
      default -> type;
    };
  }

  /// What a value is.
  static String of(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "text";
      case NUMBER -> "a number";
      case BOOLEAN -> "`true` or `false`";
      case ARRAY -> "a list";
      case OBJECT -> "a mapping";
      case NULL, MISSING -> "nothing";
      case BINARY, POJO -> "something else";
    };
  }
}
