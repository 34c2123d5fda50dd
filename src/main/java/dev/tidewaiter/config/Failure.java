package dev.tidewaiter.config;

import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.RegistryAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A place of a document that does not match the schema, put into words.
///
/// The words never quote a value, because a secret may stand where it does not belong; only keys
/// and, with a hint, an address.
///
/// @param schema the part that was not matched
/// @param pointer where, in the document
record Failure(JsonNode schema, String pointer, Document document) {

  /// A key that the schema does not know.
  Problem unknown(String key) {
    String at = Document.child(pointer, key);
    List<String> known = released(schema.path("properties"));
    if (document.root().at(at).isNull()) {
      // `{word}` is a key without a value, and the word may be a password.
      return new Problem(
          document.keyPlaceOf(at), "A field here is not known and has no value.", usualHint());
    }
    return new Problem(
        document.keyPlaceOf(at),
        "`" + Pointers.path(at) + "` is not a field.",
        Nearest.hint(key, known));
  }

  /// A key that must be there.
  Problem missing(String key) {
    String example = Examples.of(schema.path("properties").path(key));
    return new Problem(
        document.keyPlaceOf(pointer),
        "`" + Pointers.path(Document.child(pointer, key)) + "` is missing.",
        example.isEmpty()
            ? "Add `" + key + "`."
            : "Add it, such as `" + key + ": " + example + "`.");
  }

  /// A key that must be there, because another one is.
  Problem alone(String missing, String given) {
    return new Problem(
        document.keyPlaceOf(Document.child(pointer, given)),
        "`" + Pointers.path(Document.child(pointer, given)) + "` is without `" + missing + "`.",
        "Write both, or none of the two.");
  }

  /// A value that breaks a rule.
  ///
  /// @param keyword of JSON Schema
  Problem wrong(String keyword) {
    JsonNode value = document.root().at(pointer);
    String subject = pointer.isEmpty() ? "The document" : "`" + Pointers.path(pointer) + "`";
    String message = subject + " " + complaint(keyword, value) + ".";
    return new Problem(document.placeOf(pointer), message, hint(keyword, value));
  }

  private String complaint(String keyword, JsonNode value) {
    JsonNode limit = schema.path(keyword);
    return switch (keyword) {
      case "type" ->
          value.isNull()
              ? "is empty"
              : "must be " + Words.types(limit) + ", not " + Words.of(value);
      case "enum" -> "must be one of " + Nearest.quoted(texts(limit));
      case "const" -> "must be `" + limit.asString("") + "`";
      case "pattern" -> "does not have the right form";
      case "minLength", "minItems" -> "must not be empty";
      case "maxLength" -> "has more than " + limit.asInt() + " characters";
      case "minimum" -> "must be at least " + limit.asInt();
      case "maximum" -> "must be at most " + limit.asInt();
      case "uniqueItems" -> "names something twice";
      case "minProperties", "maxProperties" -> amount();
      default -> "is not allowed here";
    };
  }

  private String amount() {
    Collection<String> forms = released(schema.path("properties"));
    return schema.path("maxProperties").asInt(0) == 1
        ? "must have exactly one of " + Nearest.quoted(forms)
        : "must not be empty";
  }

  private String hint(String keyword, JsonNode value) {
    if (keyword.equals("enum") && value.isString()) {
      return Nearest.find(value.asString(), texts(schema.path("enum")))
          .map(nearest -> "Did you mean `" + nearest + "`?")
          .orElseGet(this::usualHint);
    }
    if (keyword.equals("pattern")
        && (pointer.endsWith("/address") || pointer.contains("/addresses/"))) {
      return RegistryAddress.mistakeIn(value.asString("")).orElseGet(this::usualHint);
    }
    if (keyword.equals("type") && Words.isQuoted(value, schema.path("type"))) {
      return "Write it without quotes.";
    }
    if (keyword.equals("uniqueItems")) {
      return "Keep one of each.";
    }
    return usualHint();
  }

  private String usualHint() {
    String hint = schema.path(Schemas.HINT).asString("");
    if (!hint.isEmpty()) {
      return hint;
    }
    String example = Examples.of(schema);
    return example.isEmpty()
        ? "See its description in `schema/`."
        : "Write, for example, `" + example + "`.";
  }

  private static List<String> released(JsonNode properties) {
    List<String> names = new ArrayList<>();
    properties.properties().stream()
        .filter(p -> !p.getValue().path(Schemas.NOT_IN_THIS_RELEASE).asBoolean(false))
        .forEach(p -> names.add(p.getKey()));
    return names;
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(node -> node.asString("")).toList();
  }
}
