package dev.tidewaiter.target.host.containers;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.host.AuthsFile;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFile;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.HostUsers;
import dev.tidewaiter.target.host.HostUsers.HostUser;
import dev.tidewaiter.target.host.JsonDocument;
import dev.tidewaiter.target.host.Ownership;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Entries of `auths` in the `~/.config/containers/auth.json` of users, which podman reads after
/// the file of `podman login`, and before docker's. Its keys are hosts, that of Docker Hub too.
///
/// A new file gets mode 0600 and new directories 0700, all owned by the user.
///
/// Source:
/// [containers-auth.json(5)](https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md)
/// and `pkg/docker/config/config.go` of containers/image.
final class UserLogins {
  private final FileChanges changes;
  private final AuthsFile auths;

  UserLogins(FileChanges changes, Sealer sealer) {
    this.changes = changes;
    this.auths = new AuthsFile(changes, sealer);
  }

  Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException {
    Optional<HostPath> path = find(id);
    return path.isEmpty() ? Optional.empty() : auths.observe(environment, id, path.get());
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
    HostPath home = changes.files().resolve(user.home());
    return home.child(".config").child("containers").child("auth.json");
  }

  Outcome apply(String environment, Change change, Compiled.Payloads payloads) throws IOException {
    String user = change.id().name();
    HostPath path = find(change.id()).orElseThrow(() -> unknown(user));
    var place = new AuthJson(changes, user, path, shadows(user));
    return auths.apply(environment, change, payloads, place);
  }

  /// The files that `podman login` writes, and that are asked first: of root, and of a session.
  private SortedMap<HostPath, JsonNode> shadows(String name) throws IOException {
    var shadows = new TreeMap<HostPath, JsonNode>();
    HostUser user = HostUsers.load(changes.files()).get(name);
    if (user != null) {
      for (String directory :
          List.of("run/containers/" + user.userId(), "run/user/" + user.userId() + "/containers")) {
        HostPath path = new HostPath(directory).child("auth.json");
        Optional<HostFile> file = changes.read(path);
        if (file.isPresent()) {
          shadows.put(path, JsonDocument.parse(path, file.map(HostFile::content)).tree());
        }
      }
    }
    return shadows;
  }

  private static HostFileException unknown(String user) {
    return HostFileException.unsafe(
        user + ": /etc/passwd has no such user; those of LDAP or SSSD are not known.");
  }

  /// The file of one user.
  private record AuthJson(
      FileChanges changes, String user, HostPath path, SortedMap<HostPath, JsonNode> shadows)
      implements AuthsFile.Place {
    @Override
    public Ownership file() throws IOException {
      return known().ownership("0600");
    }

    // Only what is below the home is ever created: a home that is missing, such as an unmounted
    // one, is not ours to make.
    @Override
    public Ownership directories() throws IOException {
      HostPath home = path.parent().parent().parent();
      if (!changes.files().isDirectory(home)) {
        throw HostFileException.unsafe(home + ": the home of " + user + " does not exist.");
      }
      return known().ownership("0700");
    }

    private HostUser known() throws IOException {
      HostUser found = HostUsers.load(changes.files()).get(user);
      if (found == null) {
        throw unknown(user);
      }
      return found;
    }

    @Override
    public String handOver() {
      return "`podman logout` it to hand it over.";
    }

    @Override
    public Optional<String> hindrance(JsonNode root, String name) {
      if (root.path("credHelpers").has(name)) {
        return Optional.of("`credHelpers` has " + name + ", so podman would not use our entry.");
      }
      return shadows.entrySet().stream()
          .filter(shadow -> hides(shadow.getValue(), name))
          .findFirst()
          .map(
              shadow ->
                  "podman uses the entry for "
                      + name
                      + " in "
                      + shadow.getKey()
                      + " instead. `podman logout` it there.");
    }

    private static boolean hides(JsonNode shadow, String name) {
      return shadow.path("auths").has(name) || shadow.path("credHelpers").has(name);
    }
  }
}
