package dev.tidewaiter.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A directory that looks like a host with Docker, a user `builder`, and files that others wrote.
record HostDirectory(Path root) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static HostDirectory create(Path parent) {
    var host = new HostDirectory(parent.resolve("root"));
    try {
      Files.createDirectories(host.settings().resolveSibling("certs.d"));
      Files.createDirectories(host.config().resolveSibling("contexts"));
      Files.writeString(host.settings(), "{\n\t\"log-level\":   \"info\", \"debug\": false}");
      Files.writeString(host.config(), "{\"detachKeys\":  \"ctrl-e,e\", \"auths\": {}}\n");
      Files.writeString(
          host.root().resolve("etc/passwd"), "builder:x:0:0::/home/builder:/bin/sh\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return host;
  }

  private Path settings() {
    return root.resolve("etc/docker/daemon.json");
  }

  private Path config() {
    return root.resolve("home/builder/.docker/config.json");
  }

  /// The user's passwords by `auths` key.
  Map<String, String> passwords() {
    var passwords = new TreeMap<String, String>();
    for (var entry : tree(config()).path("auths").properties()) {
      byte[] both = Base64.getDecoder().decode(entry.getValue().path("auth").asString());
      String text = new String(both, StandardCharsets.UTF_8);
      passwords.put(entry.getKey(), text.substring(text.indexOf(':') + 1));
    }
    return passwords;
  }

  /// Registries with an insecure mark.
  Set<String> insecure() {
    var insecure = new TreeSet<String>();
    tree(settings()).path("insecure-registries").forEach(entry -> insecure.add(entry.asString()));
    return insecure;
  }

  private static JsonNode tree(Path file) {
    try {
      return JSON.readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The files below `certs.d`: content by path.
  Map<String, String> certificates() {
    Path certificates = settings().resolveSibling("certs.d");
    var files = new TreeMap<String, String>();
    try (Stream<Path> paths = Files.walk(certificates)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(certificates.relativize(path).toString(), Files.readString(path));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /// All that is there: mode, and content.
  Map<Path, String> listing() {
    var listing = new TreeMap<Path, String>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.toList()) {
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        String content = Files.isRegularFile(path) ? Files.readString(path) : "a directory";
        listing.put(root.relativize(path), mode + " " + content);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return listing;
  }
}
