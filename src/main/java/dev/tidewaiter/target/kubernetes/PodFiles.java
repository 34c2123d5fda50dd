package dev.tidewaiter.target.kubernetes;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the kubelet puts into a pod: the token, the CA and the namespace.
///
/// Source: [accessing the API from a
/// pod](https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/).
final class PodFiles {
  private PodFiles() {}

  /// @throws IOException if there is no token or no CA
  static Credentials credentials(Path directory, Map<String, String> environment)
      throws IOException {
    Path token = directory.resolve("token");
    Path authority = directory.resolve("ca.crt");
    if (!Files.isReadable(token) || !Files.isReadable(authority)) {
      throw new IOException(
          directory
              + ": there is no ServiceAccount token; write `kubeconfig` outside of a cluster");
    }
    String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "kubernetes.default.svc");
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
    Config config = Config.empty();
    config.setMasterUrl("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
    config.setCaCertFile(authority.toString());
    // Read for each request: the kubelet replaces it well before it expires.
    config.setOauthTokenProvider(() -> read(token));
    return new Credentials(config, null, List.of(authority));
  }

  static Optional<String> namespace(Path directory) {
    try {
      String namespace = Files.readString(directory.resolve("namespace")).strip();
      return namespace.isEmpty() ? Optional.empty() : Optional.of(namespace);
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static String read(Path token) {
    try {
      return Files.readString(token).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(new IOException(token + ": the token cannot be read", e));
    }
  }
}
