package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.FieldChange;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a policy or binding of ours means: its fields, kept beside what they were rendered to, in
/// the annotation [Marks#RULES].
///
/// @see dev.tidewaiter.desired.PolicyObject
record Rules(ResourceKind kind, SortedMap<String, String> fields) {
  /// What an object's annotation says; nothing where somebody wrote something else there.
  static Rules of(ResourceKind kind, JsonNode metadata) {
    var fields = new TreeMap<String, String>();
    String annotation = Marks.annotation(metadata, Marks.RULES);
    if (!annotation.isEmpty()) {
      for (var field : Json.parse(annotation).properties()) {
        fields.put(field.getKey(), field.getValue().asString(""));
      }
    }
    return new Rules(kind, fields);
  }

  Rules changed(Map<String, FieldChange> changes) {
    var changed = new TreeMap<>(fields);
    changes.forEach(
        (field, change) -> {
          switch (change) {
            case FieldChange.Added(var after) -> changed.put(field, after.toString());
            case FieldChange.Replaced(_, var after) -> changed.put(field, after.toString());
            case FieldChange.Dropped _ -> changed.remove(field);
          }
        });
    return new Rules(kind, changed);
  }

  String annotation() {
    ObjectNode rules = Json.object();
    fields.forEach(rules::put);
    return Json.text(rules);
  }

  /// As the API server takes it.
  ///
  /// @return null if the fields stand for no policy
  @Nullable ObjectNode spec(PolicyKind kind) {
    throw new UnsupportedOperationException("not yet: " + kind);
  }

  /// Whether a live `spec` says what these rules do, and nothing else.
  boolean isRenderedAs(JsonNode spec) {
    throw new UnsupportedOperationException("not yet: " + spec);
  }
}
