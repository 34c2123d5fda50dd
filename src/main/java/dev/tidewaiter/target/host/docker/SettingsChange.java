package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.RegistryAddress;
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
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One change of `insecure-registries`, on the way to being in force.
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
  private static final String KEY = DaemonSettings.KEY;
  private static final Ownership NEW_FILE = Ownership.ofMode("0644");
  private static final Ownership NEW_DIRECTORY = Ownership.ofMode("0755");

  private final ResourceId id;
  private final SharedFile file;
  private final Edit edit;
  private final SortedMap<String, String> owners;
  private final JsonDocument next;

  /// @throws HostFileException if dockerd would not accept an entry
  SettingsChange(String environment, ResourceId id, SharedFile file, Edit edit)
      throws HostFileException {
    this.id = id;
    this.file = file;
    this.edit = edit;
    this.owners = owners(environment, file, edit);
    this.next = edited(file, edit);
  }

  // What somebody else declared stays theirs, also if we want the same.
  private static SortedMap<String, String> owners(String environment, SharedFile file, Edit edit) {
    SortedMap<String, String> owners = file.owners(environment, edit);
    for (JsonNode element : file.document().tree().path(KEY)) {
      String field = DaemonSettings.field(element.asString(""));
      if (file.record() == null || !file.record().owners().containsKey(field)) {
        owners.remove(field);
      }
    }
    return owners;
  }

  private static JsonDocument edited(SharedFile file, Edit edit) throws HostFileException {
    JsonDocument next = file.document();
    for (String field : edit.dropped()) {
      next = next.without(KEY, SharedFile.nameOf(field));
    }
    for (String field : edit.set()) {
      String name = SharedFile.nameOf(field);
      if (RegistryAddress.mistakeIn(name).isPresent()) {
        throw HostFileException.unsafe(
            file.path() + ": `" + name + "` is no host with an optional port for dockerd.");
      }
      next = next.withElement(KEY, name);
    }
    return next;
  }

  /// While no engine runs, which reads the file when it starts.
  Outcome apply(FileChanges changes) throws IOException {
    settle(changes, file);
    return new Outcome.Applied();
  }

  /// @return `NotEffective` if it had to be taken back
  Outcome apply(FileChanges changes, DockerEngine.Running engine, Reloads reloads)
      throws IOException {
    var expected = new Reloads.Expected(names(edit.set()), names(edit.dropped()));
    JsonDocument installed = edit.dropped().isEmpty() ? next : next.withEmptyArray(KEY);
    boolean same = isContent(file.seen(), installed.content());
    var claimed = new TreeMap<>(owners);
    if (file.record() != null) {
      claimed.putAll(file.record().owners());
    }
    if (!claimed.isEmpty()) {
      write(changes, file, installed.content(), claimed);
    }
    boolean inForce = same && expected.holds(engine.insecureRegistries());
    if (inForce || reloads.reload(engine, expected)) {
      settle(changes, SharedFile.read(changes, file.path()));
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

  private void settle(FileChanges changes, SharedFile now) throws IOException {
    if (owners.isEmpty() && now.record() != null) {
      changes.restore(now.path(), now.seen(), now.before());
    } else if (!owners.isEmpty()) {
      write(changes, now, next.content(), owners);
    }
  }

  private void takeBack(FileChanges changes, DockerEngine.Running engine, Reloads reloads)
      throws IOException {
    SharedFile now = SharedFile.read(changes, file.path());
    var before = new Reloads.Expected(names(edit.dropped()), names(edit.set()));
    if (!file.document().has(KEY) && now.record() != null) {
      FileContent emptied = file.document().withEmptyArray(KEY).content();
      write(changes, now, emptied, now.record().owners());
      now = SharedFile.read(changes, file.path());
    } else {
      putBack(changes, now);
    }
    // Where this does not show either, the engine refuses the file for a reason of its own, and so
    // still has the values from before.
    boolean _ = reloads.reload(engine, before);
    if (!file.document().has(KEY)) {
      putBack(changes, now);
    }
  }

  private void putBack(FileChanges changes, SharedFile now) throws IOException {
    HostFile first = file.seen();
    if (file.record() == null) {
      changes.restore(file.path(), now.seen(), first == null ? null : first.content());
    } else if (first != null) {
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
