package dev.tidewaiter.registry;

import dev.tidewaiter.model.Secret;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `promotions.json`: which credential each registry is served with and which waits, as keyed
/// digests, with their key.
final class PromotionFile {
  private static final int VERSION = 1;

  private final StateFile file;

  PromotionFile(Path directory) {
    this.file = new StateFile(directory.resolve("promotions.json"), VERSION);
  }

  /// @param entries by [Wanted#key]
  record Content(Digests digests, Map<String, Entry> entries) {}

  record Entry(@Nullable Promoted promoted, Promoted.@Nullable Waiting waiting) {
    static final Entry NOTHING = new Entry(null, null);
  }

  Optional<Content> read() {
    return file.read(PromotionFile::parse);
  }

  /// @return whether it is on disk
  boolean write(Content content) {
    ObjectNode document = file.newDocument();
    document.put("key", content.digests().key().reveal());
    ObjectNode registries = document.putObject("registries");
    content.entries().forEach((name, entry) -> write(registries.putObject(name), entry));
    return file.write(document);
  }

  private static void write(ObjectNode node, Entry entry) {
    Promoted promoted = entry.promoted();
    if (promoted != null) {
      node.putObject("promoted")
          .put("digest", promoted.digest())
          .put("source", promoted.source())
          .put("identity", promoted.identity())
          .put("expiresAt", text(promoted.expiresAt()))
          .put("proven", promoted.proven());
    }
    Promoted.Waiting waiting = entry.waiting();
    if (waiting != null) {
      node.putObject("waiting")
          .put("digest", waiting.digest())
          .put("since", waiting.since().toString())
          .put("refused", waiting.refused());
    }
  }

  private static Content parse(JsonNode document) {
    var entries = new TreeMap<String, Entry>();
    document
        .required("registries")
        .properties()
        .forEach(field -> entries.put(field.getKey(), entry(field.getValue())));
    return new Content(new Digests(Secret.of(document.required("key").stringValue())), entries);
  }

  private static Entry entry(JsonNode node) {
    return new Entry(
        node.has("promoted") ? promoted(node.required("promoted")) : null,
        node.has("waiting") ? waiting(node.required("waiting")) : null);
  }

  private static Promoted promoted(JsonNode node) {
    JsonNode end = node.required("expiresAt");
    return new Promoted(
        node.required("digest").stringValue(),
        node.required("source").stringValue(),
        node.required("identity").stringValue(),
        end.isNull() ? null : Instant.parse(end.stringValue()),
        node.required("proven").stringValue());
  }

  private static Promoted.Waiting waiting(JsonNode node) {
    return new Promoted.Waiting(
        node.required("digest").stringValue(),
        Instant.parse(node.required("since").stringValue()),
        node.required("refused").booleanValue());
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }
}
