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
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.HostUsers;
import dev.tidewaiter.target.host.HostUsers.HostUser;
import dev.tidewaiter.target.host.JsonDocument;
import dev.tidewaiter.target.host.ManagedFiles;
import dev.tidewaiter.target.host.UserFile;
import dev.tidewaiter.target.host.UserPlace;
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
final class UserLogins implements ManagedFiles {
  private final FileChanges changes;
  private final AuthsFile auths;

  UserLogins(FileChanges changes, Sealer sealer) {
    this.changes = changes;
    this.auths = new AuthsFile(changes, sealer);
  }

  @Override
  public Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException {
    Optional<HostPath> path = file(id).find(id);
    return path.isEmpty() ? Optional.empty() : auths.observe(environment, id, path.get());
  }

  private UserFile file(ResourceId id) {
    return new UserFile(changes, id.name(), List.of(".config", "containers", "auth.json"));
  }

  @Override
  public Outcome apply(String environment, Change change, Compiled.Payloads payloads)
      throws IOException {
    UserFile file = file(change.id());
    HostPath path = file.find(change.id()).orElseThrow(file::unknown);
    var place = new AuthJson(file, path, shadows(change.id().name()));
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

  /// The file of one user.
  private record AuthJson(UserFile own, HostPath path, SortedMap<HostPath, JsonNode> shadows)
      implements UserPlace {
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
