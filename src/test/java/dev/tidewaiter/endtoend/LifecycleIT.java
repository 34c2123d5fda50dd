package dev.tidewaiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.TidewaiterProcess.Result;
import dev.tidewaiter.testing.Await;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// From a declaration to its end: what breaks, what goes, and what only a person may let go.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class LifecycleIT {
  private static final Pattern APPROVAL = Pattern.compile("approve: \"([^\"]+)\"");

  private final Tenants tenants = new Tenants();

  @TempDir private Path directory;

  @Test
  void leavesEverythingInForceWhenACommitIsBrokenAlsoAcrossARestart() {
    String namespace = tenants.add("default");
    try (Deployment deployment = declared()) {
      deployment.startReady();
      String good = deployment.repository().head();
      deployment.registry("hub", "https://docker.io").environment(tenants, List.of("quay", "hbu"));

      deployment.commit("Break two documents");

      assertThat(deployment.awaitCondition("Stalled")).isNotEmpty();
      assertStalledOn(deployment, good);
      tenants.secret(namespace).delete();
      Await.until(Deployment.LIMIT, () -> assertDelivered(namespace));

      assertThat(deployment.stop().exitCode()).isZero();
      Result applied = deployment.apply();
      assertThat(applied.exitCode()).isEqualTo(3);
      assertThat(applied.output()).contains("hub.yaml:5:", "production.yaml:5:", "hbu");
      deployment.start();
      deployment.awaitCondition("Stalled");
      assertStalledOn(deployment, good);
      tenants.secret(namespace).delete();
      Await.until(Deployment.LIMIT, () -> assertDelivered(namespace));

      deployment.registry("hub", "docker.io", "password-of-hub");
      deployment.environment(tenants, List.of("quay", "hub"));
      deployment.commit("Mend both");
      deployment.awaitReady();
      assertThat(tenants.passwords(namespace)).hasSize(2);
    }
  }

  private static void assertStalledOn(Deployment deployment, String good) {
    JsonNode repository = deployment.status().path("repository");
    assertThat(repository.path("revisionInForce").asString()).isEqualTo(good);
    assertThat(repository.path("lastAttemptedRevision").asString())
        .isEqualTo(deployment.repository().head());
    assertThat(repository.path("problems").toString())
        .contains("hub.yaml:5:", "production.yaml:5:", "hbu");
  }

  @Test
  void prunesNothingWhenTheRepositoryIsEmptied() {
    String namespace = tenants.add("default");
    try (Deployment deployment = declared()) {
      deployment.startReady();
      String good = deployment.repository().head();

      deployment.repository().delete("registries").delete("environments");
      deployment.commit("Empty the repository");

      deployment.awaitCondition("Stalled");
      deployment.awaitRound();
      assertDelivered(namespace);
      assertThat(deployment.status().at("/repository/revisionInForce").asString()).isEqualTo(good);
      assertThat(deployment.apply().exitCode()).isEqualTo(3);
      assertDelivered(namespace);
    }
  }

  @Test
  void orphansAnEnvironmentThatVanishedUntilItIsRemoved() {
    String namespace = tenants.add("default");
    try (Deployment deployment = declared()) {
      deployment.startReady();
      assertThat(deployment.run("withdraw", "production", "--remove").exitCode()).isEqualTo(2);

      deployment.repository().delete("environments");
      deployment.commit("Forget the environment");

      assertThat(deployment.awaitCondition("Orphaned")).contains("production");
      deployment.awaitRound();
      assertDelivered(namespace);
      Result withdrawn = deployment.run("withdraw", "production", "--remove");
      assertThat(withdrawn.exitCode()).as(withdrawn.output()).isZero();
      assertThat(withdrawn.stdout()).contains("Secret/" + namespace);
      assertThat(tenants.traces()).isEmpty();
      assertThat(deployment.inventory()).isNull();
      deployment.awaitNoCondition("Orphaned");
    }
  }

  @Test
  void leavesAKeptEnvironmentToItself() {
    String namespace = tenants.add("default");
    try (Deployment deployment = declared()) {
      assertThat(deployment.apply().exitCode()).isZero();
      deployment.repository().delete("environments");
      deployment.commit("Forget the environment");

      Result withdrawn = deployment.run("withdraw", "production", "--keep");

      assertThat(withdrawn.exitCode()).as(withdrawn.output()).isZero();
      assertDelivered(namespace);
      assertThat(tenants.entries(namespace, "default")).containsExactly(Tenants.SECRET);
      assertThat(tenants.live(namespace).getMetadata().getLabels()).isNullOrEmpty();
      assertThat(tenants.live(namespace).getMetadata().getAnnotations()).isNullOrEmpty();
      assertThat(deployment.inventory()).isNull();
      assertThat(deployment.apply().exitCode()).isZero();
      assertDelivered(namespace);
    }
  }

  @Test
  void leavesNoTraceOfARetiredEnvironment() {
    tenants.add("default");
    String shared = tenants.add("default");
    try (Deployment deployment = declared()) {
      tenants.setEntries(shared, "default", List.of("their-own"));
      deployment.startReady();

      deployment.environment(tenants, List.of("quay"), "state: Retired").commit("Retire it");

      Await.until(Deployment.LIMIT, () -> assertThat(tenants.traces()).isEmpty());
      Await.until(Deployment.LIMIT, () -> assertThat(deployment.inventory()).isNull());
      assertThat(tenants.entries(shared, "default")).containsExactly("their-own");
      deployment.repository().delete("environments");
      deployment.commit("Delete the declaration");
      deployment.awaitReady();
      assertThat(tenants.traces()).isEmpty();
    }
  }

  @Test
  void holdsMoreWithdrawalsThanAllowedUntilTheyAreApproved() {
    List<String> namespaces =
        List.of(tenants.add("default"), tenants.add("default"), tenants.add("default"));
    try (Deployment deployment = declared()) {
      assertThat(deployment.apply().exitCode()).isZero();
      deployment.environment(
          tenants, List.of("quay"), "state: Retired", "prune: {maxDeletions: 2}");
      deployment.commit("Retire it");

      Result held = deployment.apply();

      assertThat(held.exitCode()).isEqualTo(5);
      namespaces.forEach(this::assertDelivered);
      String approval = approval(held.stdout());
      assertThat(deployment.run("diff").stdout()).contains(approval);
      deployment.environment(
          tenants,
          List.of("quay"),
          "state: Retired",
          "prune: {maxDeletions: 2, approve: \"" + approval + "\"}");
      deployment.commit("Approve it");
      assertThat(deployment.apply().exitCode()).isZero();
      assertThat(tenants.traces()).isEmpty();
    }
  }

  @Test
  void holdsEveryWithdrawalOfARewrittenBranchUntilItIsApproved() {
    String namespace = tenants.add("default");
    try (Deployment deployment = declared()) {
      deployment.registry("hub", "docker.io", "password-of-hub");
      deployment.environment(tenants, List.of("quay", "hub")).commit("Add Docker Hub");
      deployment.startReady();
      Await.until(Deployment.LIMIT, () -> assertThat(tenants.passwords(namespace)).hasSize(2));

      deployment.environment(tenants, List.of("quay"));
      deployment.repository().amend("Never had Docker Hub");

      String approval = approval(deployment.awaitCondition("WithdrawalHeld"));
      assertThat(tenants.passwords(namespace)).hasSize(2);
      deployment.stop();
      deployment.start();
      assertThat(approval(deployment.awaitCondition("WithdrawalHeld"))).isEqualTo(approval);
      assertThat(tenants.passwords(namespace)).hasSize(2);
      deployment.environment(tenants, List.of("quay"), "prune: {approve: \"" + approval + "\"}");
      deployment.commit("Approve it");
      deployment.awaitReady();
      assertDelivered(namespace);
    }
  }

  @Test
  void dropsOnlyTheEntryOfADeletedRegistry() {
    String namespace = tenants.add("default");
    try (Deployment deployment = declared()) {
      deployment.registry("hub", "docker.io", "password-of-hub");
      deployment.environment(tenants, List.of("quay", "hub")).commit("Add Docker Hub");
      assertThat(deployment.apply().exitCode()).isZero();
      String uid = tenants.uid(namespace);
      assertThat(tenants.passwords(namespace)).hasSize(2);

      deployment.repository().delete("registries/hub.yaml");
      deployment.environment(tenants, List.of("quay")).commit("Delete Docker Hub");

      assertThat(deployment.apply().exitCode()).isZero();
      assertDelivered(namespace);
      assertThat(tenants.uid(namespace)).isEqualTo(uid);
      assertThat(tenants.entries(namespace, "default")).containsExactly(Tenants.SECRET);
    }
  }

  @Test
  void touchesNothingWhileSuspended() {
    String namespace = tenants.add("default");
    try (Deployment deployment = declared()) {
      deployment.environment(tenants, List.of("quay"), "suspend: All").commit("Suspend it");
      deployment.start();
      deployment.awaitCondition("Suspended");
      deployment.awaitRound();
      assertThat(tenants.traces()).isEmpty();

      deployment.environment(tenants, List.of("quay")).commit("Go on");
      deployment.awaitReady();
      assertDelivered(namespace);
    }
  }

  @Test
  void findsDriftAndLeavesItWhenItOnlyDetects() {
    String namespace = tenants.add("default");
    try (Deployment deployment = declared()) {
      assertThat(deployment.apply().exitCode()).isZero();
      deployment.environment(tenants, List.of("quay"), "driftMode: DetectOnly").commit("Detect");
      deployment.startReady();

      tenants.setEntries(namespace, "default", List.of());

      assertThat(deployment.awaitCondition("Drifted")).contains("1 change");
      assertThat(deployment.run("diff").exitCode()).isEqualTo(1);
      assertThat(tenants.entries(namespace, "default")).isEmpty();
      deployment.environment(tenants, List.of("quay")).commit("Enforce");
      deployment.awaitReady();
      assertThat(tenants.entries(namespace, "default")).containsExactly(Tenants.SECRET);
    }
  }

  private static String approval(String text) {
    Matcher matcher = APPROVAL.matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }

  private Deployment declared() {
    Deployment deployment = Deployment.in(directory);
    deployment
        .registry("quay", "quay.io", "password-of-quay")
        .environment(tenants, List.of("quay"))
        .commit("Declare quay");
    return deployment;
  }

  private void assertDelivered(String namespace) {
    assertThat(tenants.passwords(namespace)).isEqualTo(Map.of("quay.io", "password-of-quay"));
  }
}
