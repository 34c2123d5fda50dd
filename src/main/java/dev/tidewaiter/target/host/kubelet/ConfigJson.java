package dev.tidewaiter.target.host.kubelet;

import dev.tidewaiter.target.host.AuthsFile;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFile;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.JsonDocument;
import dev.tidewaiter.target.host.OwnedFile;
import dev.tidewaiter.target.host.Ownership;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// `config.json` of the kubelet's own directory, and what the kubelet makes of it.
///
/// It takes the first file that it can read, of several, and then no other; and a single entry of
/// another form makes it pass over the whole file. So neither may come about through us.
///
/// Source: `ReadDockerConfigFile` and `DockerConfigEntry.UnmarshalJSON` in kubernetes
/// `pkg/credentialprovider/config.go`.
record ConfigJson(FileChanges changes, HostPath path) implements AuthsFile.Place {
  /// Read after ours, and only if ours is not there: `HOME` of a system service is mostly unset,
  /// and its working directory the root.
  private static final List<HostPath> LATER =
      List.of(
          new HostPath("config.json"),
          new HostPath(".docker/config.json"),
          new HostPath("root/.docker/config.json"),
          new HostPath("var/lib/kubelet/.dockercfg"),
          new HostPath(".dockercfg"),
          new HostPath("root/.dockercfg"));

  @Override
  public HostPath volume() {
    return path.parent();
  }

  // Where there is no such directory there is no kubelet any more.
  @Override
  public boolean isAbandoned() throws IOException {
    return !changes.files().exists(path.parent());
  }

  @Override
  public Ownership file() throws IOException {
    for (HostPath later : LATER) {
      if (hasCredentialsOfOthers(later)) {
        throw HostFileException.unsafe(
            path
                + ": there is none, and the kubelet may read "
                + later
                + " instead, which it would no longer do. Move what it needs to "
                + path
                + ", or put {} there if it needs nothing.");
      }
    }
    return Ownership.ofMode("0600");
  }

  private boolean hasCredentialsOfOthers(HostPath other) throws IOException {
    Optional<HostFile> file = changes.read(other);
    Optional<OwnedFile> record = changes.state().find(other);
    if (file.isEmpty() || (record.isPresent() && record.get().before() == null)) {
      return false;
    }
    if (other.name().equals(".dockercfg")) {
      return true;
    }
    JsonNode root = JsonDocument.parse(other, file.map(HostFile::content)).tree();
    return !root.path("auths").isEmpty();
  }

  @Override
  public Ownership directories() throws IOException {
    if (!changes.files().isDirectory(path.parent())) {
      throw HostFileException.unsafe(path.parent() + ": there is no kubelet any more.");
    }
    return Ownership.ofMode("0700");
  }

  @Override
  public String handOver() {
    return "Remove it to hand it over.";
  }

  /// Helpers and stores are nothing to the kubelet, so they stand in nobody's way.
  @Override
  public Optional<String> hindrance(JsonNode root, String name) {
    for (Map.Entry<String, JsonNode> entry : root.path("auths").properties()) {
      if (!isReadable(entry.getValue())) {
        return Optional.of(
            "the entry for "
                + entry.getKey()
                + " is not of the form, so the kubelet passes over the whole file. Correct or"
                + " remove it.");
      }
    }
    return Optional.empty();
  }

  private static boolean isReadable(JsonNode entry) {
    for (String key : List.of("username", "password", "email", "auth")) {
      if (entry.has(key) && !entry.path(key).isString()) {
        return false;
      }
    }
    String pair = entry.path("auth").asString("");
    return entry.isObject() && (pair.isEmpty() || isPair(pair));
  }

  private static boolean isPair(String text) {
    try {
      byte[] decoded = Base64.getDecoder().decode(text.strip());
      return new String(decoded, StandardCharsets.ISO_8859_1).indexOf(':') >= 0;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
