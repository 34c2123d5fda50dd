package dev.tidewaiter.target.host;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Entries of `auths` in somebody's file of credentials, each a sealed field `auths/NAME`: the
/// format that docker, podman, CRI-O and the kubelet share.
///
/// An entry of others is never touched, and neither is any other key. What exists keeps its owner;
/// as long as an entry of ours is in it, nobody else may read it.
public final class AuthsFile {
  private static final String AUTHS = "auths";

  private final FileChanges changes;
  private final Sealer sealer;

  public AuthsFile(FileChanges changes, Sealer sealer) {
    this.changes = changes;
    this.sealer = sealer;
  }

  /// One of these files, and what its readers make of it.
  public interface Place {
    HostPath path();

    /// The directory that has to be there, and may be a file system that is not mounted now, such
    /// as a home.
    HostPath volume();

    /// Whether nobody reads it any more, so that it need not be waited for.
    boolean isAbandoned() throws IOException;

    /// What a file that has to be created gets.
    ///
    /// @throws HostFileException if none may be created
    Ownership file() throws IOException;

    /// What directories that have to be created get.
    ///
    /// @throws HostFileException if none may be created
    Ownership directories() throws IOException;

    /// How somebody else's entry is removed, as a sentence: `Log out to hand it over.`
    String handOver();

    /// Why its readers would not use an entry of `auths`, such as a credential helper that goes
    /// first.
    ///
    /// @param root the whole file
    /// @param name of the entry
    /// @return empty if they would
    Optional<String> hindrance(JsonNode root, String name);
  }

  /// What stands at a path, and which of its entries are ours for an environment.
  ///
  /// @return empty if nothing is there and nothing of it is ours
  public Optional<ObservedResource> observe(String environment, ResourceId id, HostPath path)
      throws IOException {
    var fields = new TreeMap<String, ObservedField>();
    Set<String> ours = owned(environment, path);
    String missing = "absent";
    try {
      JsonNode auths = SharedFile.read(changes, path).document().tree().path(AUTHS);
      auths.forEachEntry(
          (name, entry) -> {
            String field = AUTHS + "/" + name;
            var value = new FieldValue.Sealed(sealer.seal(id, field, AuthEntry.sealable(entry)));
            fields.put(field, new ObservedField(value, ours.contains(field)));
          });
    } catch (HostFileException _) {
      // Told when the change that follows from this is applied, for this file alone.
      missing = "unreadable";
    }
    for (String field : ours) {
      fields.putIfAbsent(field, new ObservedField(new FieldValue.Plain(missing), true));
    }
    return fields.isEmpty()
        ? Optional.empty()
        : Optional.of(new ObservedResource(id, new Holding.Shared(), fields));
  }

  private Set<String> owned(String environment, HostPath path) throws IOException {
    return changes.state().find(path).map(file -> file.fieldsOf(environment)).orElse(Set.of());
  }

  /// Sets and drops the entries that a change names.
  public Outcome apply(String environment, Change change, Compiled.Payloads payloads, Place place)
      throws IOException {
    SharedFile file = SharedFile.read(changes, place.path());
    Edit edit = Edit.of(change, owned(environment, place.path()));
    if (edit.set().isEmpty() && edit.dropped().isEmpty()) {
      return new Outcome.Unchanged("nothing of it is ours");
    }
    requireMounted(file, place);
    JsonDocument next = file.document();
    for (String field : edit.dropped()) {
      next = next.without(AUTHS, SharedFile.nameOf(field));
    }
    for (String field : edit.set()) {
      String name = SharedFile.nameOf(field);
      requireInForce(file, name, file.owns(environment, field), place);
      next = next.withMember(AUTHS, name, entry(payloads.find(change.id(), field)));
    }
    TreeMap<String, String> owners = file.owners(environment, edit);
    if (owners.isEmpty()) {
      withdraw(file);
    } else {
      write(change.id(), file, next, owners, place);
    }
    return new Outcome.Applied();
  }

  // What is out of sight is not withdrawn, and comes back with its home. Without it, there is no
  // directory, or the empty one where it is mounted.
  private void requireMounted(SharedFile file, Place place) throws IOException {
    OwnedFile record = file.record();
    if (file.seen() != null || record == null || place.isAbandoned()) {
      return;
    }
    HostPath volume = place.volume();
    Optional<String> now = changes.files().identity(volume);
    boolean same = now.isPresent() && now.equals(Optional.ofNullable(record.volume()));
    if (!same && changes.files().names(volume).isEmpty()) {
      throw HostFileException.unsafe(
          volume
              + ": it is not there or empty, as if it were not mounted, so nothing can be written to"
              + " "
              + file.path()
              + " or withdrawn from it. Mount it; if what was there is gone for good, put {} into that"
              + " file.");
    }
  }

  private static JsonNode entry(@Nullable Payload payload) {
    return switch (payload) {
      case Payload.Auth(Credential credential) -> AuthEntry.render(credential);
      case Payload.Text _ -> throw new IllegalStateException("a text for an entry of auths");
      case null -> throw new IllegalStateException("a planned entry of auths has no payload");
    };
  }

  private static void requireInForce(SharedFile file, String name, boolean ours, Place place)
      throws HostFileException {
    JsonNode root = file.document().tree();
    if (root.path(AUTHS).has(name) && !ours) {
      throw HostFileException.conflict(
          file.path() + ": somebody else wrote the entry for " + name + ". " + place.handOver());
    }
    Optional<String> hindrance = place.hindrance(root, name);
    if (hindrance.isPresent()) {
      throw HostFileException.unsafe(file.path() + ": " + hindrance.get());
    }
  }

  // The mode comes back with the bytes; a file that somebody changed after us stays as it is.
  private void withdraw(SharedFile file) throws IOException {
    HostFile seen = file.seen();
    OwnedFile record = file.record();
    FileContent before = file.before();
    if (seen == null || before == null || record == null || !record.left(seen)) {
      changes.restore(file.path(), seen, before);
      return;
    }
    Ownership ownership = seen.ownership().withMode(record.mode());
    changes.restore(new FileChanges.Write(file.path(), seen, before, ownership, ownership));
  }

  private static String modeBefore(SharedFile file, Ownership created) {
    if (file.record() != null) {
      return file.record().mode();
    }
    return file.seen() == null ? created.mode() : file.seen().ownership().mode();
  }

  private void write(
      ResourceId id,
      SharedFile file,
      JsonDocument next,
      SortedMap<String, String> owners,
      Place place)
      throws IOException {
    HostFile seen = file.seen();
    Ownership ownership = seen == null ? place.file() : seen.ownership().ofOwnerAlone();
    Ownership directories = seen == null ? place.directories() : seen.ownership();
    Set<String> digests = file.record() == null ? Set.of() : file.record().digests();
    String volume = changes.files().identity(place.volume()).orElse(null);
    var record =
        new OwnedFile(id, owners, modeBefore(file, ownership), digests, file.before(), volume);
    if (seen == null && next.tree().path(AUTHS).isEmpty()) {
      // What was dropped is gone with the file; what is still ours there shows as absent.
      changes.record(file.path(), record);
      return;
    }
    changes.write(
        new FileChanges.Write(file.path(), seen, next.content(), ownership, directories), record);
  }
}
