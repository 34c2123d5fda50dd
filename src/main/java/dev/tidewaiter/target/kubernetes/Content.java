package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.model.Credential;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a pull Secret is to contain: the entries, and the records of those that somebody minted.
record Content(DockerConfig config, MintRecords records) {
  static Content empty() {
    return new Content(DockerConfig.empty(), MintRecords.none());
  }

  /// What a Secret of ours contains.
  static Content of(JsonNode secret) {
    var config = DockerConfig.of(secret);
    return new Content(config, MintRecords.of(secret.path("metadata"), config));
  }

  /// What a Secret contains that is not ours yet: its annotation, if it has one, is not either.
  static Content foreign(JsonNode secret) {
    return new Content(DockerConfig.of(secret), MintRecords.none());
  }

  void put(String key, Credential credential) {
    config.put(key, credential);
    records.record(key, credential.issuance(), config);
  }

  void drop(String key) {
    config.drop(key);
    records.drop(key);
  }

  /// In a new object or a merge patch: writes the annotation, or takes away the one that is there.
  ///
  /// @param before the metadata as they are; empty for a new object
  void annotate(ObjectNode metadata, JsonNode before) {
    String text = records.text();
    if (text != null) {
      metadata.withObjectProperty("annotations").put(Marks.MINTED, text);
    } else if (!Marks.annotation(before, Marks.MINTED).isEmpty()) {
      metadata.withObjectProperty("annotations").putNull(Marks.MINTED);
    }
  }
}
