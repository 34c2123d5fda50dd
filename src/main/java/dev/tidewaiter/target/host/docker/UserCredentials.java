package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.Holding;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.host.Edit;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.HostUsers;
import dev.tidewaiter.target.host.HostUsers.HostUser;
import dev.tidewaiter.target.host.JsonDocument;
import dev.tidewaiter.target.host.OwnedFile;
import dev.tidewaiter.target.host.Ownership;
import dev.tidewaiter.target.host.SharedFile;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Entries of `auths` in the `~/.docker/config.json` of users: all that the engine ever learns of
/// credentials comes from its clients.
///
/// A new file gets mode 0600 and a new `.docker` 0700, both owned by the user; what exists keeps
/// its owner and mode.
///
/// Source: [docker login](https://docs.docker.com/reference/cli/docker/login/).
final class UserCredentials {
  private static final String AUTHS = "auths";

  private final FileChanges changes;
  private final Sealer sealer;

  UserCredentials(FileChanges changes, Sealer sealer) {
    this.changes = changes;
    this.sealer = sealer;
  }

  Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException {
    var fields = new TreeMap<String, ObservedField>();
    Optional<HostPath> path = find(id);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    Set<String> ours = owned(environment, path.get());
    String missing = "absent";
    try {
      SharedFile file = SharedFile.read(changes, path.get());
      file.document()
          .tree()
          .path(AUTHS)
          .forEachEntry(
              (name, entry) -> {
                String field = AUTHS + "/" + name;
                var value =
                    new FieldValue.Sealed(sealer.seal(id, field, AuthEntry.sealable(entry)));
                fields.put(field, new ObservedField(value, ours.contains(field)));
              });
    } catch (HostFileException _) {
      // Told when the change that follows from this is applied, for this user alone.
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

  // A user who is gone, or moved, is still cleaned up where the file was.
  private Optional<HostPath> find(ResourceId id) throws IOException {
    Optional<HostPath> recorded = changes.state().pathOf(id);
    if (recorded.isPresent()) {
      return recorded;
    }
    HostUser user = HostUsers.load(changes.files()).get(id.name());
    return user == null ? Optional.empty() : Optional.of(path(user));
  }

  private HostPath path(HostUser user) throws IOException {
    return changes.files().resolve(user.home()).child(".docker").child("config.json");
  }

  Outcome apply(String environment, Change change, Compiled.Payloads payloads) throws IOException {
    HostPath path =
        find(change.id())
            .orElseThrow(
                () ->
                    HostFileException.unsafe(
                        change.id().name()
                            + ": /etc/passwd has no such user; those of LDAP or SSSD are not known."));
    SharedFile file = SharedFile.read(changes, path);
    Edit edit = Edit.of(change, owned(environment, path));
    if (edit.set().isEmpty() && edit.dropped().isEmpty()) {
      return new Outcome.Unchanged("nothing of it is ours");
    }
    JsonDocument next = file.document();
    for (String field : edit.dropped()) {
      next = next.without(AUTHS, SharedFile.nameOf(field));
    }
    for (String field : edit.set()) {
      requireInForce(environment, file, field);
      next =
          next.withMember(
              AUTHS, SharedFile.nameOf(field), entry(payloads.find(change.id(), field)));
    }
    write(environment, change.id(), file, edit, next);
    return new Outcome.Applied();
  }

  private static JsonNode entry(@Nullable Payload payload) {
    return switch (payload) {
      case Payload.Auth(Credential credential) -> AuthEntry.render(credential);
      case Payload.Text _ -> throw new IllegalStateException("a text for an entry of auths");
      case null -> throw new IllegalStateException("a planned entry of auths has no payload");
    };
  }

  /// @throws HostFileException if docker would not use our entry. It asks the helper of the
  ///   registry first, then the store for all, and only without either the file: see
  ///   `GetCredentialsStore` and `getConfiguredCredentialStore` in docker/cli
  ///   `cli/config/configfile/file.go`
  private static void requireInForce(String environment, SharedFile file, String field)
      throws HostFileException {
    String name = SharedFile.nameOf(field);
    JsonNode root = file.document().tree();
    if (root.path(AUTHS).has(name) && !file.owns(environment, field)) {
      throw HostFileException.conflict(
          file.path()
              + ": somebody else wrote the entry for "
              + name
              + ". Log out to hand it over.");
    }
    if (root.path("credHelpers").has(name)) {
      throw HostFileException.unsafe(
          file.path() + ": `credHelpers` has " + name + ", so docker would not use our entry.");
    }
    if (!root.path("credsStore").asString("").isEmpty()) {
      throw HostFileException.unsafe(
          file.path() + ": `credsStore` is set, so docker would not use our entry.");
    }
  }

  private void write(
      String environment, ResourceId id, SharedFile file, Edit edit, JsonDocument next)
      throws IOException {
    TreeMap<String, String> owners = file.owners(environment, edit);
    if (owners.isEmpty()) {
      changes.restore(file.path(), file.seen(), file.before());
      return;
    }
    Ownership ownership = ownership(id, file, "0600");
    Set<String> digests = file.record() == null ? Set.of() : file.record().digests();
    var record = new OwnedFile(id, owners, ownership.mode(), new TreeSet<>(digests), file.before());
    if (file.seen() == null && edit.set().isEmpty()) {
      changes.record(file.path(), record);
      return;
    }
    changes.write(
        new FileChanges.Write(
            file.path(), file.seen(), next.content(), ownership, directories(id, file)),
        record);
  }

  private Ownership ownership(ResourceId id, SharedFile file, String mode) throws IOException {
    return file.seen() == null ? user(id).ownership(mode) : file.seen().ownership();
  }

  // Only `.docker` is ever created: a home that is missing, such as an unmounted one, is not ours
  // to
  // make.
  private Ownership directories(ResourceId id, SharedFile file) throws IOException {
    if (file.seen() != null) {
      return file.seen().ownership();
    }
    HostPath home = file.path().parent().parent();
    if (!changes.files().isDirectory(home)) {
      throw HostFileException.unsafe(home + ": the home of " + id.name() + " does not exist.");
    }
    return user(id).ownership("0700");
  }

  private HostUser user(ResourceId id) throws IOException {
    HostUser user = HostUsers.load(changes.files()).get(id.name());
    if (user == null) {
      throw HostFileException.unsafe(
          id.name() + ": /etc/passwd has no such user; those of LDAP or SSSD are not known.");
    }
    return user;
  }
}
