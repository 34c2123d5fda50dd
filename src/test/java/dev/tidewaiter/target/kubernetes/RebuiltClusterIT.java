package dev.tidewaiter.target.kubernetes;

import static dev.tidewaiter.target.kubernetes.Daemon.ENVIRONMENT;
import static dev.tidewaiter.target.kubernetes.Daemon.NAME;
import static dev.tidewaiter.target.kubernetes.Daemon.credential;
import static dev.tidewaiter.target.kubernetes.Daemon.secret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.target.kubernetes.ClusterSettings.Access;
import dev.tidewaiter.target.kubernetes.Seen.SeenNamespace;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testing.Await;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A cluster that is lost, and built anew behind the same address and with the same certificates:
/// its versions are smaller than those that are known.
class RebuiltClusterIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration SOON = Duration.ofSeconds(3);

  /// More than an API server makes when it starts.
  private static final int WRITES = 1000;

  private static final Map<String, Credential> ENTRIES = Map.of("quay.io", credential("x"));

  @TempDir private Path directory;
  private KubeApiServer server;

  @BeforeEach
  void start() {
    server = KubeApiServer.start(directory, List.of());
    server.applyRbac();
    create("shop");
    for (int i = 0; i < WRITES; i++) {
      String written = Integer.toString(i);
      server
          .admin()
          .namespaces()
          .withName("shop")
          .edit(
              namespace ->
                  new NamespaceBuilder(namespace)
                      .editMetadata()
                      .addToLabels("written", written)
                      .endMetadata()
                      .build());
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void pullSecretsComeToTheNewClusterWithoutARestart() throws TargetException {
    try (Daemon daemon = Daemon.openAsAdmin(server, "instance", SOON)) {
      converge(daemon);
      daemon.observed(secret("shop"));
      long before = version();

      server.loseEverything();
      server.applyRbac();
      create("shop");

      Await.until(
          LIMIT,
          () -> {
            converge(daemon);
            assertThat(version()).isBetween(1L, before - 1);
          });
    }
  }

  @Test
  void aWatchThatIsSilentBecauseItsVersionIsAheadEnds() throws TargetException {
    create("before");
    var access =
        new Access.Kubeconfig(server.kubeconfig("daemon", "CN=daemon,O=system:masters"), null);
    var settings = new ClusterSettings("testbed", access, "instance", null, Duration.ofHours(1));
    var mirror = new Mirror<SeenNamespace>((_, _) -> {});
    var namespaces = new Follower.Collection("namespaces", "api/v1/namespaces?", 500);
    try (var api = new Api(new Connection(settings, Map.of(), Instant::now));
        var follower =
            new Follower<>(
                api, namespaces, Reading::namespace, mirror, Duration.ofHours(1), SOON)) {
      follower.await("test", System.nanoTime() + LIMIT.toNanos());
      assertThat(mirror.find("", "before")).isPresent();

      server.loseEverything();
      create("after");

      Await.until(
          LIMIT,
          () -> {
            assertThat(mirror.find("", "before")).isEmpty();
            assertThat(mirror.find("", "after")).isPresent();
          });
    }
  }

  private static void converge(Daemon daemon) throws TargetException {
    daemon.target().prepare(ENVIRONMENT, Set.of(secret("shop")));
    daemon.converge("shop", ENTRIES);
  }

  private void create(String namespace) {
    server.createNamespace(
        new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata());
  }

  /// Of the pull Secret; 0 if there is none.
  private long version() {
    Secret secret = server.admin().secrets().inNamespace("shop").withName(NAME).get();
    return secret == null ? 0 : Long.parseLong(secret.getMetadata().getResourceVersion());
  }
}
