package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.host.AuthsFile;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.HostUsers;
import dev.tidewaiter.target.host.HostUsers.HostUser;
import dev.tidewaiter.target.host.Ownership;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Entries of `auths` in the `~/.docker/config.json` of users: all that the engine ever learns of
/// credentials comes from its clients.
///
/// A new file gets mode 0600 and a new `.docker` 0700, both owned by the user; a file that exists
/// keeps its owner, and is its alone from then on.
///
/// Source: [docker login](https://docs.docker.com/reference/cli/docker/login/).
final class UserCredentials {
  private final FileChanges changes;
  private final AuthsFile auths;

  UserCredentials(FileChanges changes, Sealer sealer) {
    this.changes = changes;
    this.auths = new AuthsFile(changes, sealer);
  }

  Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException {
    Optional<HostPath> path = find(id);
    return path.isEmpty() ? Optional.empty() : auths.observe(environment, id, path.get());
  }

  Outcome apply(String environment, Change change, Compiled.Payloads payloads) throws IOException {
    String user = change.id().name();
    HostPath path = find(change.id()).orElseThrow(() -> unknown(user));
    return auths.apply(environment, change, payloads, new ConfigJson(changes, user, path));
  }

  // A user who is gone, or moved, is still cleaned up where the file was.
  private Optional<HostPath> find(ResourceId id) throws IOException {
    Optional<HostPath> recorded = changes.state().pathOf(id);
    if (recorded.isPresent()) {
      return recorded;
    }
    HostUser user = HostUsers.load(changes.files()).get(id.name());
    return user == null
        ? Optional.empty()
        : Optional.of(changes.files().resolve(user.home()).child(".docker").child("config.json"));
  }

  private static HostFileException unknown(String user) {
    return HostFileException.unsafe(
        user + ": /etc/passwd has no such user; those of LDAP or SSSD are not known.");
  }

  /// The file of one user.
  private record ConfigJson(FileChanges changes, String user, HostPath path)
      implements AuthsFile.Place {
    @Override
    public Ownership file() throws IOException {
      return known().ownership("0600");
    }

    // Only `.docker` is ever created: a home that is missing, such as an unmounted one, is not ours
    // to make.
    @Override
    public Ownership directories() throws IOException {
      HostPath home = path.parent().parent();
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
      return "Log out to hand it over.";
    }

    /// docker asks the helper of the registry first, then the store for all, and only without
    /// either the file: see `GetCredentialsStore` and `getConfiguredCredentialStore` in docker/cli
    /// `cli/config/configfile/file.go`.
    @Override
    public Optional<String> hindrance(JsonNode root, String name) {
      if (root.path("credHelpers").has(name)) {
        return Optional.of("`credHelpers` has " + name + ", so docker would not use our entry.");
      }
      return root.path("credsStore").asString("").isEmpty()
          ? Optional.empty()
          : Optional.of("`credsStore` is set, so docker would not use our entry.");
    }
  }
}
