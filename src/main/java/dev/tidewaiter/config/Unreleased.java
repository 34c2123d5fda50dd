package dev.tidewaiter.config;

import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.Problem;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Finds what a document uses and this release does not implement. The schemas mark it, so that
/// there is one list; a default that is written out is fine.
final class Unreleased {
  private final Document document;
  private final Schemas.Compiled root;
  private final List<Problem> problems = new ArrayList<>();

  private Unreleased(Document document, Schemas.Compiled root) {
    this.document = document;
    this.root = root;
  }

  static List<Problem> in(Document document, Schemas.Compiled schema) {
    var search = new Unreleased(document, schema);
    search.visit(schema.source(), document.root(), "", "Remove it.");
    return search.problems;
  }

  /// @param otherwise what to write instead, if there is no default
  private void visit(JsonNode schema, JsonNode value, String pointer, String otherwise) {
    JsonNode mark = schema.path(Schemas.NOT_IN_THIS_RELEASE);
    JsonNode fallback = schema.path("default");
    if (mark.asBoolean(false) && !value.equals(fallback)) {
      add(document.keyPlaceOf(pointer), Pointers.path(pointer), hint(fallback, otherwise));
      return;
    }
    if (mark.isArray() && mark.valueStream().anyMatch(value::equals)) {
      String what = Pointers.path(pointer) + ": " + value.asString();
      add(document.placeOf(pointer), what, hint(fallback, otherwise));
      return;
    }
    JsonNode resolved = root.resolve(schema);
    boolean choice = resolved.path("maxProperties").asInt(0) == 1;
    String below = choice ? resolved.path(Schemas.HINT).asString("Remove it.") : "Remove it.";
    value
        .properties()
        .forEach(
            p -> {
              JsonNode property = resolved.path("properties").path(p.getKey());
              visit(property, p.getValue(), Document.child(pointer, p.getKey()), below);
            });
    if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        visit(resolved.path("items"), value.path(i), pointer + "/" + i, "Remove it.");
      }
    }
  }

  private static String hint(JsonNode fallback, String otherwise) {
    boolean shown = fallback.isString() || fallback.isBoolean();
    return shown ? "Remove it, or write `" + fallback.asString() + "`." : otherwise;
  }

  private void add(Place place, String what, String hint) {
    problems.add(new Problem(place, "`" + what + "` is not in this release.", hint));
  }
}
