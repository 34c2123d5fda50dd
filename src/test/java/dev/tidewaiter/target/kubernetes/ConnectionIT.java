package dev.tidewaiter.target.kubernetes;

import static dev.tidewaiter.target.kubernetes.Daemon.ENVIRONMENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.target.kubernetes.ClusterSettings.Access;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testbed.TestBed;
import dev.tidewaiter.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every way to a real API server that is not there at first, or changes, while the daemon runs.
class ConnectionIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir private Path directory;
  private final KubeApiServer server = KubeApiServer.shared();
  private Instant now = Instant.now();

  @BeforeEach
  void grant() {
    server.applyRbac();
  }

  @Test
  void aKubeconfigMayComeLater() throws IOException {
    Path file = directory.resolve("kubeconfig");
    try (KubernetesTarget target = open(file)) {
      assertThatThrownBy(target::surroundings)
          .isInstanceOf(TargetException.class)
          .hasMessageContaining(file + ": the kubeconfig cannot be read");
      Files.writeString(file, "must not be chosen: [no kubeconfig");
      assertThatThrownBy(target::surroundings).isInstanceOf(TargetException.class);

      Files.writeString(file, server.kubeconfig(server.port(), "token: " + token()));

      awaitHealthy(target);
    }
  }

  @Test
  void aKubeconfigThatLeadsNowhereIsReadAgainWhenItChanges() throws IOException {
    Path file = directory.resolve("kubeconfig");
    Files.writeString(file, server.kubeconfig(TestBed.freePort(), "token: " + token()));
    try (KubernetesTarget target = open(file)) {
      assertThatThrownBy(target::environments).isInstanceOf(TargetException.class);

      Files.writeString(file, server.kubeconfig(server.port(), "token: " + token()));

      awaitHealthy(target);
    }
  }

  @Test
  void aPluginThatFailsIsAskedAgain() throws IOException {
    plugin("exit 1");
    Path file = execKubeconfig();
    try (KubernetesTarget target = open(file)) {
      assertThatThrownBy(target::surroundings)
          .isInstanceOf(TargetException.class)
          .hasMessageContaining("the credential plugin ./plugin failed");

      plugin(printing("\"token\":\"%s\"".formatted(token())));
      now = now.plusSeconds(30);

      awaitHealthy(target);
    }
  }

  @Test
  void whatAPluginGaveIsNotUsedAgainOnceItWasRefused() throws IOException {
    plugin(printing("\"token\":\"not-known-to-the-server\""));
    Path file = execKubeconfig();
    try (KubernetesTarget target = open(file)) {
      assertThatThrownBy(target::surroundings)
          .isInstanceOfSatisfying(
              TargetException.class, e -> assertThat(e.denied()).as(e.getMessage()).isTrue());

      plugin(printing("\"token\":\"%s\"".formatted(token())));
      now = now.plusSeconds(30);

      awaitHealthy(target);
    }
  }

  @Test
  void aPluginMayGiveAClientCertificateAndAnotherOneLater() throws IOException {
    server.kubeconfig("first", "CN=first");
    server.kubeconfig("second", "CN=second,O=system:masters");
    plugin(printing(certificate("first")));
    Path file = execKubeconfig();
    try (KubernetesTarget target = open(file)) {
      assertThatThrownBy(target::surroundings)
          .isInstanceOfSatisfying(
              TargetException.class, e -> assertThat(e.denied()).as(e.getMessage()).isTrue());

      plugin(printing(certificate("second")));
      now = now.plus(Duration.ofMinutes(6));

      awaitHealthy(target);
    }
  }

  @Test
  void anUntrustedKubeconfigIsRefusedUntilItIsMended() throws IOException {
    plugin("touch " + directory.resolve("must-not-be-started"));
    Path file = execKubeconfig();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    try (KubernetesTarget target = open(file)) {
      assertThatThrownBy(target::surroundings)
          .isInstanceOf(TargetException.class)
          .hasMessageContaining("its `exec` is not started")
          .hasMessageContaining("is writable by others");
      assertThat(directory.resolve("must-not-be-started")).doesNotExist();

      plugin(printing("\"token\":\"%s\"".formatted(token())));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

      awaitHealthy(target);
    }
  }

  @Test
  void servesFromWithinAPodWhoseTokenIsRotated() throws IOException {
    Path pod = Files.createDirectory(directory.resolve("pod"));
    var settings =
        new ClusterSettings(
            "here", new Access.InCluster(pod), "in-cluster", null, Duration.ofMinutes(10));
    var environment =
        Map.of(
            "KUBERNETES_SERVICE_HOST",
            "127.0.0.1",
            "KUBERNETES_SERVICE_PORT",
            Integer.toString(server.port()));
    try (var target =
        KubernetesTarget.open(settings, Sealer.withRandomKey(), () -> now, environment)) {
      assertThatThrownBy(target::environments)
          .isInstanceOf(TargetException.class)
          .hasMessageContaining("there is no ServiceAccount token");
      Files.copy(server.authority(), pod.resolve("ca.crt"));
      Files.writeString(pod.resolve("namespace"), "tidewaiter-system\n");
      write(pod, "token", token());
      awaitHealthy(target);
      assertThat(target.ownNamespace()).isEqualTo("tidewaiter-system");

      write(pod, "token", "must-not-be-known");
      assertThatThrownBy(() -> target.prepare(ENVIRONMENT, Set.of()))
          .isInstanceOfSatisfying(
              TargetException.class, e -> assertThat(e.denied()).as(e.getMessage()).isTrue());
      write(pod, "token", token());

      Await.until(LIMIT, () -> target.prepare(ENVIRONMENT, Set.of()));
    }
  }

  private KubernetesTarget open(Path kubeconfig) {
    var access = new Access.Kubeconfig(kubeconfig, null);
    var settings =
        new ClusterSettings(
            "testbed", access, KubeApiServer.uniqueName("instance"), null, Duration.ofMinutes(10));
    return KubernetesTarget.open(settings, Sealer.withRandomKey(), () -> now, Map.of());
  }

  private static void awaitHealthy(KubernetesTarget target) {
    Await.until(LIMIT, () -> assertThat(target.surroundings()).isNotNull());
  }

  private String token() {
    return server.token("tidewaiter-system", "tidewaiter");
  }

  private Path execKubeconfig() throws IOException {
    String user = "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin}";
    return Files.writeString(
        directory.resolve("kubeconfig"), server.kubeconfig(server.port(), user));
  }

  private void plugin(String script) throws IOException {
    Path file = Files.writeString(directory.resolve("next"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    Files.move(file, directory.resolve("plugin"), StandardCopyOption.REPLACE_EXISTING);
  }

  private String printing(String status) throws IOException {
    Path output =
        Files.writeString(
            directory.resolve("output"),
            """
            {"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{%s}}
            """
                .formatted(status));
    return "cat " + output;
  }

  private String certificate(String name) throws IOException {
    Path files = server.directory();
    String text = Files.readString(files.resolve(name + ".crt")).replace("\n", "\\n");
    String key = Files.readString(files.resolve(name + ".key")).replace("\n", "\\n");
    return "\"clientCertificateData\":\"%s\",\"clientKeyData\":\"%s\"".formatted(text, key);
  }

  private static void write(Path pod, String name, String text) throws IOException {
    Path next = Files.writeString(pod.resolve("next"), text);
    Files.move(next, pod.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }
}
