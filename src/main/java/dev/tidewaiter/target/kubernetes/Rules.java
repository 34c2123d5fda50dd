package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.desired.PolicyObject;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.FieldChange;
import dev.tidewaiter.target.kubernetes.admission.Rendering;
import java.util.List;
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
  /// What an object's annotation says; nothing where somebody else wrote there, or an earlier
  /// release what is not understood any more.
  static Rules of(ResourceKind kind, JsonNode metadata) {
    var fields = new TreeMap<String, String>();
    String annotation = Marks.annotation(metadata, Marks.RULES);
    if (!annotation.isEmpty()) {
      for (var field : Json.parse(annotation).properties()) {
        fields.put(field.getKey(), field.getValue().asString(""));
      }
    }
    var rules = new Rules(kind, fields);
    return rules.read() == null ? new Rules(kind, new TreeMap<>()) : rules;
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

  /// Names of the pull Secrets that are added to new pods.
  List<String> pullSecrets() {
    return read() instanceof PolicyObject.Default standard ? standard.pullSecrets() : List.of();
  }

  String annotation() {
    ObjectNode rules = Json.object();
    fields.forEach(rules::put);
    return Json.text(rules);
  }

  /// As the API server takes it.
  ///
  /// @return null if the fields stand for no policy
  @Nullable ObjectNode spec() {
    PolicyObject object = read();
    return object == null ? null : Rendering.spec(object);
  }

  private @Nullable PolicyObject read() {
    try {
      return PolicyObject.read(kind, fields);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  /// Whether a live `spec` says what these rules do, and nothing else.
  boolean isRenderedAs(JsonNode spec) {
    ObjectNode rendered = spec();
    return rendered != null && Rendering.sameAs(rendered, spec);
  }
}
