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

  /// Whether a value is text only because of its quotes.
  ///
  /// @param type what a `type` keyword asks for
  static boolean isQuoted(JsonNode value, JsonNode type) {
    String text = value.asString("");
    return value.isString()
        && switch (type.asString("")) {
          case "integer" -> text.matches("[0-9]+");
          case "boolean" -> text.matches("true|false");
          default -> false;
        };
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
