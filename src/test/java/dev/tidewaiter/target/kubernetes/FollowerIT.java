package dev.tidewaiter.target.kubernetes;

import static dev.tidewaiter.target.kubernetes.Daemon.ENVIRONMENT;
import static dev.tidewaiter.target.kubernetes.Daemon.NAME;
import static dev.tidewaiter.target.kubernetes.Daemon.credential;
import static dev.tidewaiter.target.kubernetes.Daemon.secret;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.target.kubernetes.ClusterSettings.Access;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testbed.TcpProxy;
import dev.tidewaiter.testing.Await;
import dev.tidewaiter.testing.Observing;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Watches that break, on a real API server behind a proxy.
class FollowerIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String CANARY = "the-canary-of-the-cache";

  private final KubeApiServer server = KubeApiServer.shared();

  @Test
  void catchesUpWithWhatHappenedWhileTheConnectionWasCut() throws TargetException {
    String namespace = server.createNamespace("shop");
    String later = KubeApiServer.uniqueName("later");
    try (var proxy = new TcpProxy(server.port());
        Daemon daemon = Daemon.open(server, later, proxy.port())) {
      daemon.target().prepare(ENVIRONMENT, Set.of(secret(namespace)));
      daemon.create(namespace, Map.of("quay.io", credential("x")));

      proxy.cut();
      server.admin().secrets().inNamespace(namespace).withName(NAME).delete();
      String created = server.createNamespace("new", "default");
      proxy.mend();

      Await.until(
          LIMIT,
          () -> {
            assertThat(Observing.all(daemon.target(), ENVIRONMENT, Set.of(secret(namespace))))
                .isEmpty();
            assertThat(daemon.events())
                .anyMatch(event -> event.scope().equals(created))
                .anyMatch(event -> event.reason().equals("Secret deleted"));
          });
    }
  }

  @Test
  void keepsNoContentOfSecrets() throws TargetException, IOException {
    String namespace = server.createNamespace("shop");
    try (Daemon daemon = Daemon.open(server, KubeApiServer.uniqueName("instance"))) {
      daemon.create(namespace, Map.of("quay.io", credential(CANARY)));
    }
    var access =
        new Access.Kubeconfig(server.kubeconfig("reader", "CN=reader,O=system:masters"), null);
    var settings = new ClusterSettings("testbed", access, "reader", null, Duration.ofMinutes(10));
    try (var api = new Api(new Connection(settings, Map.of(), Instant::now));
        var watches =
            new Watches(api, "test", new Reading(Sealer.withRandomKey()), Duration.ofMinutes(10))) {
      assertThat(watches.awaitAllowed(Set.of(NAME))).containsExactly(NAME);
      assertThat(watches.allSecrets(Set.of(NAME)))
          .anySatisfy(
              kept -> {
                assertThat(kept.identity().namespace()).isEqualTo(namespace);
                assertThat(kept.fields()).containsKey("auths/quay.io");
                String encoded = Base64.getEncoder().encodeToString(CANARY.getBytes(UTF_8));
                assertThat(kept.toString()).doesNotContain(CANARY, encoded);
              });
    }
  }
}
