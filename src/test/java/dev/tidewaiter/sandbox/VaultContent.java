package dev.tidewaiter.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// What the sandbox's Vault holds: a secret for each registry of `sample-config` that has one, and
/// one for the sandbox's own registry.
final class VaultContent {
  static final String USERNAME = "sandbox";
  static final String FIRST_TIDE = "first-tide";

  private static final String BOTH = "production, build-hosts";

  /// One secret, the only address that it may be sent to, and the only environments that may.
  private record Entry(String name, String address, String environments, String json) {}

  private final List<Entry> entries;

  private VaultContent(List<Entry> entries) {
    this.entries = entries;
  }

  /// @param sandboxRegistry `host:port`
  static VaultContent forRegistry(String sandboxRegistry) {
    return new VaultContent(
        List.of(
            new Entry("docker-hub", "docker.io", BOTH, password("hub-tide")),
            new Entry("quay", "quay.io", "production", account("acme+puller", "quay-tide")),
            new Entry("private", "registry.acme.example:5000", BOTH, password("private-tide")),
            new Entry("lab", "lab.acme.example:5000", "build-hosts", password("lab-tide")),
            new Entry("ghcr", "ghcr.io", "production", "{\"token\": \"ghcr-tide\"}\n"),
            new Entry("sandbox", sandboxRegistry, "sandbox", account(USERNAME, FIRST_TIDE))));
  }

  private static String password(String password) {
    return "{\"password\": \"" + password + "\"}\n";
  }

  static String account(String username, String password) {
    return "{\"username\": \"%s\", \"password\": \"%s\"}\n".formatted(username, password);
  }

  /// @return the directory that is the KV engine `secret/`
  Path write(SandboxDirectory sandbox) throws IOException {
    Path directory = sandbox.createPrivate("vault");
    for (Entry entry : entries) {
      sandbox.writePrivate("vault/registries/" + entry.name() + ".json", entry.json());
    }
    return directory;
  }

  /// The daemon's `allowedPaths`, an element of a YAML list on each line.
  String allowedPaths() {
    var yaml = new StringBuilder();
    for (Entry entry : entries) {
      yaml.append(
          "      - {path: secret/registries/%s, addresses: [\"%s\"], environments: [%s]}\n"
              .formatted(entry.name(), entry.address(), entry.environments()));
    }
    return yaml.toString();
  }
}
