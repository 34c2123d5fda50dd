package dev.tidewaiter.config;

import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.model.TextSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One mapping of a document that is valid by its schema, read field by field. What is absent has
/// the schema's default, so that defaults are written down once.
final class Fields {
  private final Document document;
  private final Schemas.Compiled root;
  private final JsonNode schema;
  private final JsonNode node;
  private final String pointer;

  private Fields(
      Document document, Schemas.Compiled root, JsonNode schema, JsonNode node, String pointer) {
    this.document = document;
    this.root = root;
    this.schema = root.resolve(schema);
    this.node = node;
    this.pointer = pointer;
  }

  /// The fields of `spec`.
  static Fields ofSpec(Document document, Schemas.Compiled root) {
    return new Fields(document, root, root.source(), document.root(), "").in("spec");
  }

  /// A mapping below; all defaults if it is absent.
  Fields in(String name) {
    return new Fields(
        document, root, property(name), node.path(name), Document.child(pointer, name));
  }

  /// The mappings of a list.
  List<Fields> each(String name) {
    JsonNode items = property(name).path("items");
    List<Fields> all = new ArrayList<>();
    for (int i = 0; i < node.path(name).size(); i++) {
      String at = Document.child(pointer, name) + "/" + i;
      all.add(new Fields(document, root, items, node.path(name).path(i), at));
    }
    return all;
  }

  boolean has(String name) {
    return node.has(name);
  }

  /// This value as text; empty if it is a mapping.
  String self() {
    return node.asString("");
  }

  boolean isMapping() {
    return node.isObject();
  }

  String text(String name) {
    return value(name).asString("");
  }

  @Nullable String textOrNull(String name) {
    return has(name) ? text(name) : null;
  }

  boolean flag(String name) {
    return value(name).asBoolean(false);
  }

  int number(String name) {
    return value(name).asInt(0);
  }

  List<String> texts(String name) {
    return value(name).valueStream().map(JsonNode::asString).toList();
  }

  @Nullable List<String> textsOrNull(String name) {
    return has(name) ? texts(name) : null;
  }

  Map<String, String> map(String name) {
    Map<String, String> map = new LinkedHashMap<>();
    value(name).properties().forEach(p -> map.put(p.getKey(), p.getValue().asString()));
    return Collections.unmodifiableMap(map);
  }

  /// A word of an enum of ours: `PerRegistry` is `PER_REGISTRY`.
  <E extends Enum<E>> E word(String name, Class<E> type) {
    String text = text(name);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().replace("_", "").equalsIgnoreCase(text)) {
        return constant;
      }
    }
    throw new IllegalStateException("the schema allows a word that " + type + " lacks: " + pointer);
  }

  SecretReference reference(String name) {
    Fields reference = in(name);
    if (reference.has("file")) {
      return new SecretReference.File(reference.text("file"));
    }
    Fields vault = reference.in("vault");
    Integer version = vault.has("version") ? vault.number("version") : null;
    return new SecretReference.Vault(vault.text("path"), vault.text("key"), version);
  }

  TextSource source(String name) {
    return node.path(name).isString()
        ? new TextSource.Inline(text(name))
        : new TextSource.Referenced(reference(name));
  }

  Place place(String name) {
    return document.placeOf(Document.child(pointer, name));
  }

  Place place() {
    return document.placeOf(pointer);
  }

  /// A problem with a field, whose message begins with its path.
  Problem problem(String name, String predicate, String hint) {
    String at = name.isEmpty() ? pointer : Document.child(pointer, name);
    return new Problem(
        document.placeOf(at), "`" + Pointers.path(at) + "` " + predicate + ".", hint);
  }

  private JsonNode property(String name) {
    return schema.path("properties").path(name);
  }

  private JsonNode value(String name) {
    JsonNode given = node.path(name);
    return given.isMissingNode() ? property(name).path("default") : given;
  }
}
