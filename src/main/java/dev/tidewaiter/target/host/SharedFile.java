package dev.tidewaiter.target.host;

import dev.tidewaiter.model.FileContent;
import java.io.IOException;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Somebody else's JSON file in which single entries are ours, as it stands now.
///
/// A field `KEY/NAME` of the resource is the entry `NAME` of the array or object `KEY`.
///
/// @param seen null if there is no file
/// @param record what the state file says of it; null if nothing in it is ours
public record SharedFile(
    HostPath path, @Nullable HostFile seen, @Nullable OwnedFile record, JsonDocument document) {

  /// @throws HostFileException if it is no JSON object, or cannot be reached without a link
  public static SharedFile read(FileChanges changes, HostPath path) throws IOException {
    Optional<HostFile> seen = changes.read(path);
    JsonDocument document = JsonDocument.parse(path, seen.map(HostFile::content));
    return new SharedFile(
        path, seen.orElse(null), changes.state().find(path).orElse(null), document);
  }

  /// The name of an entry, from its field.
  public static String nameOf(String field) {
    return field.substring(field.indexOf('/') + 1);
  }

  private static String keyOf(String field) {
    return field.substring(0, field.indexOf('/'));
  }

  public boolean owns(String environment, String field) {
    return record != null && environment.equals(record.owners().get(field));
  }

  /// What the file would be without us: the very bytes from before if nobody changed it after us,
  /// else what is there now without our entries.
  ///
  /// @return null if there would be no file
  public @Nullable FileContent before() throws HostFileException {
    if (record == null || seen == null) {
      return seen == null ? null : seen.content();
    }
    FileContent first = record.before();
    if (record.left(seen)) {
      return first;
    }
    JsonDocument original = JsonDocument.parse(path, Optional.ofNullable(first));
    JsonDocument stripped = document;
    for (String field : record.owners().keySet()) {
      String key = keyOf(field);
      boolean hadEntry = stripped.has(key) && !stripped.tree().path(key).isEmpty();
      stripped = stripped.without(key, nameOf(field));
      boolean emptied = hadEntry && stripped.tree().path(key).isEmpty();
      if (emptied && !original.has(key)) {
        stripped = stripped.without(key);
      }
    }
    return first == null && stripped.tree().isEmpty() ? null : stripped.content();
  }

  /// The owners after an edit.
  public TreeMap<String, String> owners(String environment, Edit edit) {
    var owners = new TreeMap<String, String>();
    if (record != null) {
      owners.putAll(record.owners());
    }
    owners.keySet().removeAll(edit.dropped());
    edit.set().forEach(field -> owners.put(field, environment));
    return owners;
  }
}
