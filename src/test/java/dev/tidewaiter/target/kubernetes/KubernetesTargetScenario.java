package dev.tidewaiter.target.kubernetes;

import static dev.tidewaiter.target.kubernetes.Daemon.ENVIRONMENT;
import static dev.tidewaiter.target.kubernetes.Daemon.NAME;
import static dev.tidewaiter.target.kubernetes.Daemon.account;
import static dev.tidewaiter.target.kubernetes.Daemon.secret;

import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.testbed.KubeApiServer;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A daemon at a real API server, with the rights of the shipped manifest.
abstract class KubernetesTargetScenario {
  static final Duration LIMIT = Duration.ofSeconds(10);
  final KubeApiServer server = KubeApiServer.shared();
  final String instance = KubeApiServer.uniqueName("instance");
  Daemon daemon = Daemon.open(server, instance);

  @BeforeEach
  void prepare() throws TargetException {
    daemon.target().prepare(ENVIRONMENT, Set.of(secret("anywhere")));
  }

  @AfterEach
  void close() {
    daemon.close();
  }

  List<String> eventsIn(String namespace) {
    return daemon.events().stream()
        .filter(event -> event.scope().equals(namespace))
        .map(event -> event.reason())
        .toList();
  }

  static Surroundings.Namespace seen(Daemon daemon, String namespace) throws TargetException {
    var cluster = (Surroundings.Cluster) daemon.target().surroundings();
    Surroundings.Namespace seen = cluster.namespaces().get(namespace);
    if (seen == null) {
      throw new AssertionError("not seen: " + namespace);
    }
    return seen;
  }

  Secret read(String namespace) {
    return server.admin().secrets().inNamespace(namespace).withName(NAME).get();
  }

  String content(String namespace) {
    String data = read(namespace).getData().get(".dockerconfigjson");
    return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
  }

  ServiceAccount live(String namespace) {
    return server.admin().serviceAccounts().inNamespace(namespace).withName("default").get();
  }

  List<String> entries(String namespace) {
    return live(namespace).getImagePullSecrets().stream()
        .map(LocalObjectReference::getName)
        .toList();
  }

  void edit(String namespace, List<String> names) {
    server
        .admin()
        .serviceAccounts()
        .inNamespace(namespace)
        .withName("default")
        .edit(
            account -> {
              account.setImagePullSecrets(names.stream().map(LocalObjectReference::new).toList());
              return account;
            });
  }
}
