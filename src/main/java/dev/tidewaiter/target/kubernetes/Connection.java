package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.target.kubernetes.ClusterSettings.Access;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// Opens the way to an API server, from a kubeconfig or from within a pod.
final class Connection {
  /// Where the kubelet puts the token, the CA and the namespace.
  ///
  /// Source: [accessing the API from a
  /// pod](https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/).
  private static final Path POD = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private static final String OWN_NAMESPACE = "tidewaiter-system";
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private Connection() {}

  /// @throws IOException if what is needed to connect cannot be read; with a message for people
  static Api open(Access access, Map<String, String> environment, InstantSource clock)
      throws IOException {
    Config config =
        switch (access) {
          case Access.InCluster _ -> inCluster(environment);
          case Access.Kubeconfig(Path file, String context) ->
              Kubeconfig.load(file, context, clock);
        };
    config.setAutoConfigure(false);
    config.setUserAgent("tidewaiter/" + version());
    config.setConnectionTimeout((int) CONNECT.toMillis());
    config.setRequestRetryBackoffLimit(0);
    return new Api(new KubernetesClientBuilder().withConfig(config).build());
  }

  /// The daemon's own namespace.
  static String namespace(ClusterSettings settings) throws IOException {
    if (settings.namespace() != null) {
      return settings.namespace();
    }
    return switch (settings.access()) {
      case Access.InCluster _ -> Files.readString(POD.resolve("namespace")).strip();
      case Access.Kubeconfig _ -> OWN_NAMESPACE;
    };
  }

  private static Config inCluster(Map<String, String> environment) throws IOException {
    Path token = POD.resolve("token");
    if (!Files.isReadable(token)) {
      throw new IOException(
          token + ": there is no ServiceAccount token; write `kubeconfig` outside of a cluster");
    }
    String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "kubernetes.default.svc");
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
    Config config = Config.empty();
    config.setMasterUrl("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
    config.setCaCertFile(POD.resolve("ca.crt").toString());
    // Read for each request: the kubelet replaces it well before it expires.
    config.setOauthTokenProvider(() -> read(token));
    return config;
  }

  private static String read(Path token) {
    try {
      return Files.readString(token).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String version() {
    return Optional.ofNullable(Connection.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
