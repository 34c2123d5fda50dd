package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.model.Issuance;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the annotation `tidewaiter.dev/minted` says of the entries beside it: for whom each was
/// minted, from when to when it is good, and by a digest which entry is meant.
///
/// With it two processes that keep no common state leave each other's tokens in place. It is a
/// note, no proof: whoever may write the Secret may write it too, and can but spoil what is theirs
/// to spoil anyway ([Issuance#credibleUntil] bounds for how long).
final class MintRecords {
  /// Bytes. An object's annotations may have 256 KiB in all.
  private static final int LARGEST = 128 * 1024;

  /// @param digest see [DockerConfig#digest]
  private record MintRecord(String digest, Issuance issuance) {}

  private final SortedMap<String, MintRecord> records;

  private MintRecords(SortedMap<String, MintRecord> records) {
    this.records = records;
  }

  static MintRecords none() {
    return new MintRecords(new TreeMap<>());
  }

  /// Those that belong to an entry that is there. What is malformed, or of another entry than the
  /// one in its place, records nothing.
  static MintRecords of(JsonNode metadata, DockerConfig config) {
    MintRecords read = none();
    String annotation = Marks.annotation(metadata, Marks.MINTED);
    if (!annotation.isEmpty()) {
      for (Map.Entry<String, JsonNode> entry : Json.parse(annotation).properties()) {
        String digest = config.digest(entry.getKey());
        Issuance issuance = issuance(entry.getValue());
        if (issuance != null
            && !digest.isEmpty()
            && digest.equals(Json.string(entry.getValue(), "digest"))) {
          read.records.put(entry.getKey(), new MintRecord(digest, issuance));
        }
      }
    }
    return read;
  }

  private static @Nullable Issuance issuance(JsonNode entry) {
    try {
      return new Issuance(
          Json.string(entry, "identity").intern(),
          Instant.parse(Json.string(entry, "issuedAt")),
          Instant.parse(Json.string(entry, "expiresAt")));
    } catch (DateTimeException | IllegalArgumentException _) {
      // Somebody else wrote there.
      return null;
    }
  }

  /// @return null if nothing is recorded of that entry
  @Nullable Issuance find(String key) {
    MintRecord found = records.get(key);
    return found == null ? null : found.issuance();
  }

  /// Records what an entry is that was just put into `config`; a long-lived one, or one that a
  /// digest could betray, has no record.
  void record(String key, @Nullable Issuance issuance, DockerConfig config) {
    String digest = issuance == null ? "" : config.digest(key);
    if (issuance == null || digest.isEmpty()) {
      records.remove(key);
    } else {
      records.put(key, new MintRecord(digest, issuance));
    }
  }

  void drop(String key) {
    records.remove(key);
  }

  /// The annotation's content; null for none, also if it would be too large.
  @Nullable String text() {
    if (records.isEmpty()) {
      return null;
    }
    ObjectNode object = Json.object();
    records.forEach(
        (key, minted) ->
            object
                .putObject(key)
                .put("identity", minted.issuance().identity())
                .put("issuedAt", minted.issuance().issuedAt().toString())
                .put("expiresAt", minted.issuance().expiresAt().toString())
                .put("digest", minted.digest()));
    String text = Json.text(object);
    return text.getBytes(StandardCharsets.UTF_8).length > LARGEST ? null : text;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MintRecords that && records.equals(that.records);
  }

  @Override
  public int hashCode() {
    return records.hashCode();
  }
}
