package dev.tidewaiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.FaultyProxy;
import dev.tidewaiter.testbed.FaultyProxy.Fault;
import dev.tidewaiter.testbed.HttpsGitServer;
import dev.tidewaiter.testbed.TcpProxy;
import dev.tidewaiter.testbed.TestCertificates;
import dev.tidewaiter.testbed.TidewaiterProcess.Result;
import dev.tidewaiter.testbed.VaultServer;
import dev.tidewaiter.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is around the product fails, before its first start and in its middle: nothing that worked
/// is removed or overwritten, and it goes on by itself afterwards.
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class OutageIT {
  private final Tenants tenants = new Tenants();

  @TempDir private Path directory;

  @Test
  void keepsWhatIsDeliveredWhileVaultIsSealedGoneOrRestoredFromAnOldBackup() {
    String namespace = tenants.add("default");
    VaultServer vault = VaultServer.start(directory);
    try (Deployment deployment = onVault(vault.port())) {
      vault.writeKv2(deployment.path("quay"), Map.of("password", "password-of-quay"));
      deployment.startReady();
      String version = version(namespace);

      vault.seal();
      deployment.awaitCondition("CredentialWithheld", "Vault");
      assertStaysAt(deployment, namespace, version);

      vault.close();
      deployment.awaitRound();
      assertStaysAt(deployment, namespace, version);
      restartsAndKeeps(deployment, namespace, version);
      assertThat(deployment.run("apply").exitCode()).isEqualTo(4);
      assertStaysAt(deployment, namespace, version);

      try (VaultServer restored = VaultServer.start(directory, vault.port())) {
        // The backup is from before the path was written: absence in Vault takes nothing away.
        restored.writeKv2(deployment.path("another"), Map.of("password", "not asked for"));
        deployment.awaitCondition("CredentialWithheld", "does not exist");
        assertStaysAt(deployment, namespace, version);

        restored.writeKv2(deployment.path("quay"), Map.of("password", "password-of-old"));
        deployment.awaitReady();
        assertThat(tenants.passwords(namespace)).isEqualTo(Map.of("quay.io", "password-of-old"));
      }
    } finally {
      vault.close();
    }
  }

  @Test
  void keepsWhatIsDeliveredWhileVaultIsSlowOrDenies() {
    String namespace = tenants.add("default");
    try (var proxy = FaultyProxy.before("127.0.0.1", Servers.vault().port());
        Deployment deployment = declared(Map.of("vaultPort", "" + proxy.port()))) {
      deployment.startReady();
      String version = version(namespace);

      proxy.become(new Fault.BlackHole(_ -> true));
      deployment.awaitCondition("CredentialWithheld", "Vault");
      assertIsAt(namespace, version);
      proxy.become(new Fault.None());
      deployment.awaitReady();

      deployment.vaultToken(deployment.readingToken("quay"));
      deployment.awaitCondition("CredentialWithheld", "denies");
      assertStaysAt(deployment, namespace, version);
      deployment.vaultToken("revoked long ago");
      deployment.awaitRound();
      assertStaysAt(deployment, namespace, version);
      deployment.vaultToken(deployment.readingToken());
      deployment.awaitReady();
      assertStaysAt(deployment, namespace, version);
    }
  }

  @Test
  void deliversNothingBeforeVaultHasAnsweredAndEverythingAfterwards() {
    String namespace = tenants.add("default");
    try (var proxy = new TcpProxy(Servers.vault().port());
        Deployment deployment = declared(Map.of("vaultPort", "" + proxy.port()))) {
      proxy.cut();
      Result applied = deployment.apply();
      assertThat(applied.exitCode()).isEqualTo(4);
      assertThat(tenants.secret(namespace).get()).isNull();
      deployment.start();
      deployment.awaitCondition("CredentialWithheld");
      assertThat(tenants.secret(namespace).get()).isNull();

      proxy.mend();

      deployment.awaitReady();
      assertDelivered(namespace);
    }
  }

  @Test
  void correctsDriftWhileGitIsGoneAndRepairsACorruptClone() throws IOException {
    String namespace = tenants.add("default");
    try (Deployment deployment = declared(Map.of())) {
      Path bare = deployment.repository().bare();
      Path away = bare.resolveSibling("away.git");
      deployment.startReady();

      Files.move(bare, away);
      deployment.awaitCondition("SourceUnavailable");
      assertDriftIsCorrected(namespace);
      deployment.stop();
      deployment.start();
      deployment.awaitCondition("SourceUnavailable");
      assertDriftIsCorrected(namespace);
      assertThat(deployment.run("apply").exitCode()).isEqualTo(4);
      assertDelivered(namespace);

      deployment.stop();
      corrupt(deployment.state());
      deployment.start();
      deployment.awaitCondition("SourceUnavailable");
      deployment.awaitRound();
      assertDelivered(namespace);

      Files.move(away, bare);
      deployment.awaitReady();
      corrupt(deployment.state());
      deployment.registry("hub", "docker.io", "password-of-hub");
      deployment.environment(tenants, List.of("quay", "hub")).commit("Add Docker Hub");
      deployment.awaitReady();
      assertThat(tenants.passwords(namespace)).hasSize(2);
    }
  }

  @Test
  void deliversARotatedPasswordWhileTheGitServerNeverEndsItsAnswer() throws Exception {
    String namespace = tenants.add("default");
    var authority = TestCertificates.create(directory.resolve("authority"));
    String token = "token-of-git";
    try (HttpsGitServer git =
            HttpsGitServer.start(directory, authority.server("localhost"), "localhost", token);
        Deployment deployment =
            Deployment.with(
                directory,
                Map.of(
                    "repositoryUrl",
                    git.url("instance/remote.git").toString(),
                    "repositoryLogin",
                    ", tls: {ca: {file: %s}}, auth: {token: {username: %s, file: git-token}}"
                        .formatted(authority.ca(), HttpsGitServer.USERNAME)))) {
      Files.createSymbolicLink(directory.resolve("instance"), deployment.directory());
      deployment.write("git-token", token);
      deployment
          .registry("quay", "quay.io", "password-of-quay")
          .environment(tenants, List.of("quay"))
          .commit("Declare quay");
      deployment.startReady();

      git.neverEnd();
      deployment.awaitCondition("SourceUnavailable", "still answering");
      assertRotates(deployment, namespace, "password-rotated");
      assertThat(deployment.stop().exitCode()).isZero();
      deployment.start();
      assertRotates(deployment, namespace, "password-after-a-restart");
      assertThat(deployment.get("/livez").statusCode()).isEqualTo(200);

      git.end();
      deployment.awaitReady();
    }
  }

  @Test
  void loadsWhatIsInForceAgainWithoutItsStateUnderABrokenCommit() throws IOException {
    String namespace = tenants.add("default");
    try (Deployment deployment = declared(Map.of())) {
      deployment.startReady();
      deployment.registry("quay", "quay.io/with/a/path").commit("Break it");
      deployment.awaitCondition("Stalled");
      deployment.stop();
      delete(deployment.state());

      deployment.start();

      deployment.awaitCondition("Stalled");
      assertDriftIsCorrected(namespace);
    }
  }

  @Test
  void goesOnWhenTheApiServerRestartsOrItsConnectionsBreak() {
    String namespace = tenants.add("default");
    try (var proxy = new TcpProxy(Servers.cluster().port());
        Deployment deployment =
            declared(Map.of("clusterPort", "" + proxy.port(), "interval", "10m"))) {
      deployment.startReady();
      String version = version(namespace);

      proxy.breakAll();
      assertDriftIsCorrected(namespace);

      Servers.cluster().stopApiServer();
      Servers.cluster().startAgain();
      assertDriftIsCorrected(namespace);
      assertThat(version(namespace)).isNotEqualTo(version);
    }
  }

  @Test
  void waitsForAnApiServerThatIsGone() {
    String namespace = tenants.add("default");
    try (var proxy = new TcpProxy(Servers.cluster().port());
        Deployment deployment = declared(Map.of("clusterPort", "" + proxy.port()))) {
      proxy.cut();
      assertThat(deployment.apply().exitCode()).isEqualTo(4);
      deployment.start();
      deployment.awaitCondition("TargetUnavailable");
      proxy.mend();
      deployment.awaitReady();
      assertDelivered(namespace);
      String version = version(namespace);

      proxy.cut();
      deployment.password("quay", "password-rotated");
      deployment.awaitRound();
      assertStaysAt(deployment, namespace, version);
      proxy.mend();
      Await.until(
          Deployment.LIMIT,
          () ->
              assertThat(tenants.passwords(namespace))
                  .isEqualTo(Map.of("quay.io", "password-rotated")));
      deployment.awaitReady();
    }
  }

  private Deployment onVault(int port) {
    Deployment deployment = Deployment.with(directory, Map.of("vaultPort", "" + port));
    deployment.vaultToken(VaultServer.ROOT_TOKEN);
    deployment.registry("quay", "quay.io").environment(tenants, List.of("quay"));
    deployment.commit("Declare quay");
    return deployment;
  }

  private Deployment declared(Map<String, String> settings) {
    Deployment deployment = Deployment.with(directory, settings);
    deployment
        .registry("quay", "quay.io", "password-of-quay")
        .environment(tenants, List.of("quay"))
        .commit("Declare quay");
    return deployment;
  }

  private void restartsAndKeeps(Deployment deployment, String namespace, String version) {
    assertThat(deployment.stop().exitCode()).isZero();
    deployment.start();
    deployment.awaitCondition("CredentialWithheld");
    assertStaysAt(deployment, namespace, version);
  }

  private void assertRotates(Deployment deployment, String namespace, String password) {
    deployment.password("quay", password);
    Await.until(
        Deployment.LIMIT,
        () -> assertThat(tenants.passwords(namespace)).isEqualTo(Map.of("quay.io", password)));
  }

  private void assertDelivered(String namespace) {
    assertThat(tenants.passwords(namespace)).isEqualTo(Map.of("quay.io", "password-of-quay"));
  }

  private void assertDriftIsCorrected(String namespace) {
    tenants.secret(namespace).delete();
    tenants.setEntries(namespace, "default", List.of());
    Await.until(
        Deployment.LIMIT,
        () -> {
          assertDelivered(namespace);
          assertThat(tenants.entries(namespace, "default")).containsExactly(Tenants.SECRET);
        });
  }

  /// Neither the pull Secret nor the ServiceAccount's entry was written meanwhile.
  private void assertStaysAt(Deployment deployment, String namespace, String version) {
    deployment.awaitRound();
    assertIsAt(namespace, version);
  }

  private void assertIsAt(String namespace, String version) {
    assertThat(version(namespace)).isEqualTo(version);
    assertDelivered(namespace);
  }

  private String version(String namespace) {
    var account = tenants.account(namespace, "default").get();
    assertThat(account).isNotNull();
    return tenants.live(namespace).getMetadata().getResourceVersion()
        + " "
        + account.getMetadata().getResourceVersion();
  }

  /// Overwrites every object and index of the clones beneath a directory.
  private static void corrupt(Path state) throws IOException {
    try (Stream<Path> files = Files.walk(state)) {
      List<Path> objects =
          files
              .filter(file -> file.toString().contains("objects"))
              .filter(Files::isRegularFile)
              .toList();
      assertThat(objects).isNotEmpty();
      for (Path file : objects) {
        assertThat(file.toFile().setWritable(true)).isTrue();
        Files.writeString(file, "not what Git wrote");
      }
    }
  }

  private static void delete(Path state) throws IOException {
    try (Stream<Path> files = Files.walk(state)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
