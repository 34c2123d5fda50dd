package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.Edit;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFile;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.JsonDocument;
import dev.tidewaiter.target.host.OwnedFile;
import dev.tidewaiter.target.host.Ownership;
import dev.tidewaiter.target.host.SharedFile;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One change of a list in `daemon.json`, on the way to being in force.
///
/// 1. The file gets the entries; the record claims them, and still those that go.
/// 2. dockerd is reloaded and has to show it; else the bytes from before come back and are
///    reloaded.
/// 3. The record lets the withdrawn entries go. If none is left, the file gets the bytes from
///    before us.
///
/// dockerd keeps the last value of a key that vanishes from the file. So an emptied list stays in
/// the file as `[]` until the reload has shown, and only then does the key go.
final class SettingsChange {
  private static final Ownership NEW_FILE = Ownership.ofMode("0644");
  private static final Ownership NEW_DIRECTORY = Ownership.ofMode("0755");

  private final ResourceId id;
  private final DaemonKey key;
  private final SharedFile file;
  private final Edit edit;
  private final SortedMap<String, String> owners;
  private final JsonDocument next;

  /// @param edit of entries that dockerd accepts: see [DaemonKey#require]
  /// @throws HostFileException if there is no list under the key
  SettingsChange(String environment, ResourceId id, SharedFile file, Edit edit)
      throws HostFileException {
    this.id = id;
    this.key = DaemonKey.of(id.kind());
    this.file = file;
    this.edit = edit;
    this.owners = owners(environment, key, file, edit);
    this.next = edited(key, file, edit);
  }

  // What somebody else declared stays theirs, also if we want the same.
  private static SortedMap<String, String> owners(
      String environment, DaemonKey key, SharedFile file, Edit edit) {
    SortedMap<String, String> owners = file.owners(environment, edit);
    for (JsonNode element : file.document().tree().path(key.key())) {
      String field = key.field(element.asString(""));
      if (file.record() == null || !file.record().owners().containsKey(field)) {
        owners.remove(field);
      }
    }
    return owners;
  }

  private static JsonDocument edited(DaemonKey key, SharedFile file, Edit edit)
      throws HostFileException {
    JsonDocument next = file.document();
    for (String field : edit.dropped()) {
      next = next.without(key.key(), SharedFile.nameOf(field));
    }
    for (String field : edit.set()) {
      next = next.withElement(key.key(), SharedFile.nameOf(field));
    }
    return next;
  }

  /// While no engine runs, which reads the file when it starts.
  Outcome apply(FileChanges changes) throws IOException {
    settle(changes, file, next);
    return new Outcome.Applied();
  }

  /// @return `NotEffective` if it had to be taken back
  Outcome apply(FileChanges changes, DockerEngine.Running engine, Reloads reloads)
      throws IOException {
    var expected = new Reloads.Expected(key, names(edit.set()), names(edit.dropped()));
    JsonDocument installed = edit.dropped().isEmpty() ? next : next.withEmptyArray(key.key());
    boolean same = isContent(file.seen(), installed.content());
    var claimed = new TreeMap<>(owners);
    if (file.record() != null) {
      claimed.putAll(file.record().owners());
    }
    if (!claimed.isEmpty()) {
      write(changes, file, installed.content(), claimed);
    }
    boolean inForce = same && expected.holds(engine.info());
    if (inForce || reloads.reload(engine, expected)) {
      SharedFile now = SharedFile.read(changes, file.path());
      settle(changes, now, now.document());
      return new Outcome.Applied();
    }
    takeBack(changes, engine, reloads);
    return new Outcome.Failed(
        FailureReason.NotEffective,
        file.path()
            + ": dockerd did not show the change after a reload, so it was taken back. Its log says"
            + " what it does not accept.",
        null);
  }

  private void settle(FileChanges changes, SharedFile now, JsonDocument content)
      throws IOException {
    if (owners.isEmpty() && now.record() != null) {
      changes.restore(now.path(), now.seen(), now.before());
    } else if (!owners.isEmpty()) {
      write(changes, now, withoutEmptied(now, content).content(), owners);
    }
  }

  // While entries of the other list stay, this one goes as soon as no engine has it any more.
  private JsonDocument withoutEmptied(SharedFile now, JsonDocument document)
      throws HostFileException {
    boolean emptied = document.has(key.key()) && document.tree().path(key.key()).isEmpty();
    if (!emptied || edit.dropped().isEmpty() || now.record() == null) {
      return document;
    }
    var first = JsonDocument.parse(file.path(), Optional.ofNullable(now.record().before()));
    return first.has(key.key()) ? document : document.without(key.key());
  }

  private void takeBack(FileChanges changes, DockerEngine.Running engine, Reloads reloads)
      throws IOException {
    SharedFile now = SharedFile.read(changes, file.path());
    JsonDocument first = reverted(now);
    boolean emptied = !first.has(key.key());
    if (emptied && now.record() != null) {
      FileContent content = first.withEmptyArray(key.key()).content();
      write(changes, now, content, now.record().owners());
      now = SharedFile.read(changes, file.path());
    } else {
      putBack(changes, now, first);
    }
    // Where this does not show either, the engine refuses the file for a reason of its own, and so
    // still has the values from before.
    var before = new Reloads.Expected(key, names(edit.dropped()), names(edit.set()));
    boolean _ = reloads.reload(engine, before);
    if (emptied) {
      putBack(changes, now, first);
    }
  }

  // As it was, but for what somebody else changed meanwhile.
  private JsonDocument reverted(SharedFile now) throws HostFileException {
    if (now.seen() == null || now.record() == null || now.record().left(now.seen())) {
      return file.document();
    }
    JsonDocument reverted = now.document();
    for (String field : edit.set()) {
      if (file.record() == null || !file.record().owners().containsKey(field)) {
        reverted = reverted.without(key.key(), SharedFile.nameOf(field));
      }
    }
    for (String field : edit.dropped()) {
      reverted = reverted.withElement(key.key(), SharedFile.nameOf(field));
    }
    return reverted;
  }

  private void putBack(FileChanges changes, SharedFile now, JsonDocument first) throws IOException {
    if (file.record() == null) {
      boolean none = file.seen() == null && first.tree().isEmpty();
      changes.restore(file.path(), now.seen(), none ? null : first.content());
    } else if (file.seen() != null) {
      write(changes, now, first.content(), file.record().owners());
    }
  }

  private void write(
      FileChanges changes, SharedFile now, FileContent content, SortedMap<String, String> claimed)
      throws IOException {
    HostFile seen = now.seen();
    Ownership ownership = seen == null ? NEW_FILE : seen.ownership();
    Set<String> digests = now.record() == null ? Set.of() : now.record().digests();
    changes.write(
        new FileChanges.Write(file.path(), seen, content, ownership, NEW_DIRECTORY),
        new OwnedFile(id, claimed, ownership.mode(), new TreeSet<>(digests), now.before()));
  }

  private static boolean isContent(@Nullable HostFile file, FileContent content) {
    return file != null && file.digest().equals(HostFile.digest(content));
  }

  private static Set<String> names(Set<String> fields) {
    return fields.stream().map(SharedFile::nameOf).collect(Collectors.toSet());
  }
}
