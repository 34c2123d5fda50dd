package dev.tidewaiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.TidewaiterProcess.Result;
import dev.tidewaiter.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `run`: the daemon keeps the declared state, by events and by rounds.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class RunIT {
  private static final Duration AT_ONCE = Duration.ofSeconds(2);

  /// One interval of a second, and five more.
  private static final Duration SOON = Duration.ofSeconds(6);

  private final Tenants tenants = new Tenants();

  @TempDir private Path directory;

  @Test
  void putsRightWhatOthersChangeWithoutWaitingForARound() {
    String first = tenants.add("default");
    String second = tenants.add("default");
    try (Deployment deployment = declared(Deployment.unhurried(directory))) {
      deployment.startReady();
      String round = deployment.status().at("/repository/lastRoundAt").asString();

      tenants.secret(first).delete();
      Await.until(AT_ONCE, () -> assertDelivered(first));

      tenants.edit(second, "{\"auths\":{\"quay.io\":{\"password\":\"not what Vault says\"}}}");
      Await.until(AT_ONCE, () -> assertDelivered(second));

      tenants.setEntries(first, "default", List.of());
      Await.until(AT_ONCE, () -> assertLinked(first));

      String late = tenants.add();
      Await.until(AT_ONCE, () -> assertDelivered(late));
      tenants.addAccount(late, "default");
      Await.until(AT_ONCE, () -> assertLinked(late));

      assertThat(deployment.status().at("/repository/lastRoundAt").asString()).isEqualTo(round);
    }
  }

  @Test
  void bringsARotatedPasswordInPlaceWithoutACommit() {
    String namespace = tenants.add("default");
    try (Deployment deployment = declared(Deployment.in(directory))) {
      deployment.startReady();
      String uid = tenants.uid(namespace);

      deployment.password("quay", "password-rotated");

      Await.until(
          SOON,
          () ->
              assertThat(tenants.passwords(namespace))
                  .isEqualTo(Map.of("quay.io", "password-rotated")));
      assertThat(tenants.uid(namespace)).isEqualTo(uid);
    }
  }

  @Test
  void showsInTheDiffThatAPasswordChangedAndNotWhatItIs() {
    String namespace = tenants.add("default");
    try (Deployment deployment = declared(Deployment.in(directory))) {
      assertThat(deployment.apply().exitCode()).isZero();
      deployment.password("quay", "password-rotated");

      Result diff = deployment.run("diff");

      assertThat(diff.exitCode()).isEqualTo(1);
      assertThat(diff.stdout())
          .contains("Secret/" + namespace + "/" + Tenants.SECRET, "auths/quay.io")
          .contains("0 to create, 1 to update, 0 to prune");
      assertThat(diff.output()).doesNotContain("password-");
      assertDelivered(namespace);
    }
  }

  @Test
  void deliversAndRotatesFourSecretsWhileAFifthIsDenied() {
    String namespace = tenants.add("default");
    List<String> healthy = List.of("one", "two", "three", "four");
    try (Deployment deployment = Deployment.in(directory)) {
      healthy.forEach(
          name -> deployment.registry(name, name + ".acme.example", "password-of-" + name));
      deployment.registry("fifth", "fifth.acme.example", "must not be read: denied");
      deployment.vaultToken(deployment.readingToken("fifth"));
      deployment
          .environment(tenants, List.of("one", "two", "three", "four", "fifth"))
          .commit("Declare five registries");
      deployment.start();

      assertThat(deployment.awaitCondition("CredentialWithheld")).contains("fifth");
      Await.until(SOON, () -> assertPasswords(namespace, healthy, "password-of-"));
      healthy.forEach(name -> deployment.password(name, "rotated-of-" + name));
      Await.until(SOON, () -> assertPasswords(namespace, healthy, "rotated-of-"));

      deployment.vaultToken(deployment.readingToken());
      deployment.awaitReady();
      assertThat(tenants.passwords(namespace)).containsKey("fifth.acme.example").hasSize(5);
    }
  }

  @Test
  void tellsHowItIsAndStopsInPeace() {
    tenants.add("default");
    try (Deployment deployment = declared(Deployment.in(directory))) {
      deployment.startReady();

      assertThat(deployment.get("/livez").statusCode()).isEqualTo(200);
      assertThat(deployment.get("/readyz").statusCode()).isEqualTo(200);
      assertThat(deployment.get("/no-such-page").statusCode()).isEqualTo(404);
      Result text = deployment.statusCommand();
      assertThat(text.exitCode()).isZero();
      assertThat(text.stdout())
          .contains(deployment.instance() + ": Ready", "production: Ready")
          .contains(deployment.repository().head().substring(0, 8));
      JsonNode json =
          JsonMapper.shared().readTree(deployment.statusCommand("--output", "json").stdout());
      assertThat(json.path("instance").asString()).isEqualTo(deployment.instance());

      Result ended = deployment.stop();

      assertThat(ended.exitCode()).as(ended.output()).isZero();
      assertThat(ended.stderr()).contains("stopped");
      assertThat(deployment.statusCommand().exitCode()).isEqualTo(4);
    }
  }

  @Test
  void isNotReadyBeforeAnythingIsInForce() {
    try (Deployment deployment = Deployment.in(directory)) {
      deployment.repository().write("registries/broken.yaml", "kind: Registry\n");
      deployment.commit("Declare nothing that is valid");
      deployment.start();

      deployment.awaitCondition("NothingInForce");

      assertThat(deployment.get("/livez").statusCode()).isEqualTo(200);
      assertThat(deployment.get("/readyz").statusCode()).isEqualTo(503);
      assertThat(deployment.statusCommand().exitCode()).isEqualTo(5);
    }
  }

  private Deployment declared(Deployment deployment) {
    deployment
        .registry("quay", "quay.io", "password-of-quay")
        .environment(tenants, List.of("quay"))
        .commit("Declare quay");
    return deployment;
  }

  private void assertDelivered(String namespace) {
    assertThat(tenants.passwords(namespace)).isEqualTo(Map.of("quay.io", "password-of-quay"));
  }

  private void assertLinked(String namespace) {
    assertThat(tenants.entries(namespace, "default")).containsExactly(Tenants.SECRET);
  }

  private void assertPasswords(String namespace, List<String> registries, String prefix) {
    assertThat(tenants.passwords(namespace)).hasSize(registries.size());
    registries.forEach(
        name ->
            assertThat(tenants.passwords(namespace))
                .containsEntry(name + ".acme.example", prefix + name));
  }
}
