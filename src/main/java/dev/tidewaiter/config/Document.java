package dev.tidewaiter.config;

import dev.tidewaiter.model.Place;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// One YAML document as a tree, with the place of everything in it.
///
/// Keys and values are found by JSON pointer, such as `/spec/registries/0`.
record Document(String file, JsonNode root, Map<String, Place> keys, Map<String, Place> values) {
  /// The same without what it says, of which only the places are kept: of many documents at once.
  Document places() {
    return new Document(file, MissingNode.getInstance(), keys, values);
  }

  /// The same with nothing but the place of its name.
  Document placeOfName() {
    String name = "/metadata/name";
    return new Document(file, MissingNode.getInstance(), Map.of(), Map.of(name, placeOf(name)));
  }

  /// Where a value begins; of what is missing, where the nearest thing around it begins.
  Place placeOf(String pointer) {
    String at = pointer;
    while (!at.isEmpty() && !values.containsKey(at)) {
      at = at.substring(0, at.lastIndexOf('/'));
    }
    return values.getOrDefault(at, Place.of(file));
  }

  /// Where a key stands, so that a word can be underlined rather than what belongs to it.
  Place keyPlaceOf(String pointer) {
    Place place = keys.get(pointer);
    return place == null ? placeOf(pointer) : place;
  }

  /// The pointer of a child.
  static String child(String pointer, String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  /// What `kind` says; empty if it is no text.
  String kind() {
    return root.path("kind").asString("");
  }

  /// What `metadata.name` says; empty if it is no text.
  String name() {
    JsonNode name = root.path("metadata").path("name");
    return name.isString() ? name.asString() : "";
  }

  /// Whether it says that it is one of ours.
  boolean isOurs() {
    return root.path("apiVersion").asString("").equals(Kind.API_VERSION);
  }
}
