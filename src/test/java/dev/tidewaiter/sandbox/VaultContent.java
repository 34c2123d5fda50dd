package dev.tidewaiter.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// What the sandbox's Vault holds: a secret for each registry of `sample-config` that has one, the
/// certificate that one of them needs, and one for the sandbox's own registry.
final class VaultContent {
  static final String USERNAME = "sandbox";
  static final String FIRST_TIDE = "first-tide";

  private static final String BOTH = "production, build-hosts";

  /// One secret, the only address that it may be sent to, and the only environments that may.
  ///
  /// @param path below the mount
  private record Entry(String path, String address, String environments, String json) {}

  private final List<Entry> entries;

  private VaultContent(List<Entry> entries) {
    this.entries = entries;
  }

  /// @param sandboxRegistry `host:port`
  /// @param authority of the certificate of the private registry, as PEM
  static VaultContent of(String sandboxRegistry, String authority) {
    String privateRegistry = "registry.acme.example:5000";
    return new VaultContent(
        List.of(
            of("docker-hub", "docker.io", BOTH, secret("password", "hub-tide")),
            of("quay", "quay.io", "production", account("acme+puller", "quay-tide")),
            of("ghcr", "ghcr.io", "production", secret("token", "ghcr-tide")),
            of("gitlab", "registry.gitlab.com", "production", deployToken()),
            of("private", privateRegistry, BOTH, secret("password", "private-tide")),
            of("artifactory", "acme.jfrog.io", "production", secret("token", "jfrog-tide")),
            of("lab", "lab.acme.example:5000", "build-hosts", secret("password", "lab-tide")),
            of("ecr-us", "210987654321.dkr.ecr.us-east-1.amazonaws.com", "production", awsKey()),
            of("google", "europe-west1-docker.pkg.dev", "production", googleKey()),
            of("google-images", "eu.gcr.io", "production", googleKey()),
            of("sandbox", sandboxRegistry, "sandbox", account(USERNAME, FIRST_TIDE)),
            new Entry("ca", privateRegistry, BOTH, secret("corp.pem", authority))));
  }

  private static Entry of(String name, String address, String environments, String json) {
    return new Entry("registries/" + name, address, environments, json);
  }

  private static String secret(String key, String value) {
    return JsonMapper.shared().writeValueAsString(Map.of(key, value)) + "\n";
  }

  static String account(String username, String password) {
    return "{\"username\": \"%s\", \"password\": \"%s\"}\n".formatted(username, password);
  }

  private static String deployToken() {
    return "{\"username\": \"gitlab+deploy-token-7\", \"token\": \"gldt-tide\"}\n";
  }

  private static String awsKey() {
    return "{\"accessKeyId\": \"AKIASANDBOX000000000\", \"secretAccessKey\": \"ecr-tide\"}\n";
  }

  private static String googleKey() {
    return secret("key", ServiceAccountKey.json(OutsideStandIn.TIDE));
  }

  /// @return the directory that is the KV engine `secret/`
  Path write(SandboxDirectory sandbox) throws IOException {
    Path directory = sandbox.createPrivate("vault");
    for (Entry entry : entries) {
      sandbox.writePrivate("vault/" + entry.path() + ".json", entry.json());
    }
    return directory;
  }

  /// The daemon's `allowedPaths`, an element of a YAML list on each line.
  String allowedPaths() {
    var yaml = new StringBuilder();
    for (Entry entry : entries) {
      yaml.append(
          "      - {path: secret/%s, addresses: [\"%s\"], environments: [%s]}\n"
              .formatted(entry.path(), entry.address(), entry.environments()));
    }
    return yaml.toString();
  }
}
