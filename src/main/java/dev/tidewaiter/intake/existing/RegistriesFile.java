package dev.tidewaiter.intake.existing;

import dev.tidewaiter.config.YamlTree;
import dev.tidewaiter.model.RegistryAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Reads `registries.yaml` of k3s and RKE2: credentials, TLS and mirrors by registry.
///
/// Source: [k3s, private registry
/// configuration](https://docs.k3s.io/installation/private-registry).
public final class RegistriesFile {
  private final Origin origin;
  private final Path file;
  private final List<Found> found = new ArrayList<>();

  private RegistriesFile(Path file) {
    this.file = file;
    this.origin = Origin.ofFile(file);
  }

  /// @throws UnreadableException if it, or a certificate or key that it names, cannot be read
  public static List<Found> read(Path file) throws UnreadableException {
    JsonNode root =
        YamlTree.of(Reading.bytes(file))
            .filter(JsonNode::isObject)
            .orElseThrow(() -> new UnreadableException(file + ": The file cannot be understood."));
    var reader = new RegistriesFile(file);
    for (var config : root.path("configs").properties()) {
      reader.config(config.getKey(), config.getValue());
    }
    for (var mirror : root.path("mirrors").properties()) {
      reader.mirror(mirror.getKey(), mirror.getValue());
    }
    return reader.found;
  }

  private void config(String key, JsonNode config) throws UnreadableException {
    switch (AuthsKey.parse(key)) {
      case AuthsKey.Unusable(String reason) -> found.add(new Found.Left(origin, key, reason));
      case AuthsKey.Named(RegistryAddress address) -> {
        if (config.has("auth")) {
          found.add(Auths.login(origin, address, config.path("auth")));
        }
        tls(address, config.path("tls"));
      }
    }
  }

  private void tls(RegistryAddress address, JsonNode tls) throws UnreadableException {
    var files = new TlsFiles(file.toAbsolutePath().getParent());
    TlsDraft draft =
        files
            .authority(tls.path("ca_file").asString(""))
            .and(
                files.client(tls.path("cert_file").asString(""), tls.path("key_file").asString("")))
            .and(new TlsDraft("", null, tls.path("insecure_skip_verify").asBoolean(false)));
    if (!draft.isEmpty()) {
      found.add(new Found.Trust(origin, address, draft));
    }
  }

  private void mirror(String key, JsonNode mirror) {
    for (JsonNode node : mirror.path("endpoint")) {
      String endpoint = node.asString("");
      if (!(AuthsKey.parse(key) instanceof AuthsKey.Named(RegistryAddress address))) {
        found.add(Mirrors.left(origin, key, endpoint));
      } else if (!Mirrors.isItself(address, endpoint)) {
        // What is rewritten is not where a mirror of ours looks.
        found.add(
            mirror.path("rewrite").isEmpty()
                ? Mirrors.of(origin, address, endpoint, true)
                : Mirrors.left(origin, key, endpoint));
      } else if (endpoint.startsWith("http://")) {
        found.add(new Found.Trust(origin, address, new TlsDraft("", null, true)));
      }
    }
    if (!mirror.path("rewrite").isEmpty()) {
      found.add(new Found.Left(origin, key, "Its `rewrite` is left: it is not in this release."));
    }
  }
}
