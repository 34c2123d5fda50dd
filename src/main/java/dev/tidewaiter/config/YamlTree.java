package dev.tidewaiter.config;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A YAML file of others as a tree, read as strictly as declarations are: no anchors, no tags, no
/// duplicate keys.
public final class YamlTree {
  private YamlTree() {}

  /// The first document; empty if the text is not YAML of that kind, or has no document.
  public static Optional<JsonNode> of(byte[] text) {
    Documents read = YamlReader.read("", text);
    List<Document> documents = read.documents();
    return read.complete() && read.problems().isEmpty() && !documents.isEmpty()
        ? Optional.of(documents.getFirst().root())
        : Optional.empty();
  }
}
