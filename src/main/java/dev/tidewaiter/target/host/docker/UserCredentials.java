package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.host.AuthsFile;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.ManagedFiles;
import dev.tidewaiter.target.host.UserFile;
import dev.tidewaiter.target.host.UserPlace;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Entries of `auths` in the `~/.docker/config.json` of users: all that the engine ever learns of
/// credentials comes from its clients.
///
/// A new file gets mode 0600 and a new `.docker` 0700, both owned by the user; a file that exists
/// keeps its owner, and is its alone from then on.
///
/// Source: [docker login](https://docs.docker.com/reference/cli/docker/login/).
final class UserCredentials implements ManagedFiles {
  private final FileChanges changes;
  private final AuthsFile auths;

  UserCredentials(FileChanges changes, Sealer sealer) {
    this.changes = changes;
    this.auths = new AuthsFile(changes, sealer);
  }

  @Override
  public Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException {
    Optional<HostPath> path = file(id).find(id);
    return path.isEmpty() ? Optional.empty() : auths.observe(environment, id, path.get());
  }

  @Override
  public Outcome apply(String environment, Change change, Compiled.Payloads payloads)
      throws IOException {
    UserFile file = file(change.id());
    HostPath path = file.find(change.id()).orElseThrow(file::unknown);
    return auths.apply(environment, change, payloads, new ConfigJson(file, path));
  }

  private UserFile file(ResourceId id) {
    return new UserFile(changes, id.name(), List.of(".docker", "config.json"));
  }

  /// The file of one user.
  private record ConfigJson(UserFile own, HostPath path) implements UserPlace {
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
