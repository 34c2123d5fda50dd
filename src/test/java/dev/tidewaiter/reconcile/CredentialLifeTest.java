package dev.tidewaiter.reconcile;

import static dev.tidewaiter.reconcile.Harness.LIMIT;
import static dev.tidewaiter.reconcile.Harness.environment;
import static dev.tidewaiter.reconcile.Harness.registries;
import static dev.tidewaiter.reconcile.Harness.secret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.registry.RegistrySituation.Proof;
import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.testing.Await;
import dev.tidewaiter.testing.InMemoryTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The life of a credential as targets and reports show it.
class CredentialLifeTest {
  private static final String QUAY = "auths/quay.io";
  private static final String HUB = "auths/https://index.docker.io/v1/";

  private final Harness world;
  private final InMemoryTarget cluster;

  CredentialLifeTest(@TempDir Path directory) {
    this.world = new Harness(directory);
    this.cluster = world.cluster("one", "shop", "web");
    declare("");
  }

  private void declare(String more) {
    world.source.commit(registries() + environment("production", "shop, web, late", more));
  }

  private static void awaitText(InMemoryTarget cluster, String namespace, String text) {
    Await.until(LIMIT, () -> assertThat(cluster.textOf(secret(namespace), QUAY)).contains(text));
  }

  private CycleReport awaitReport(Reason reason) {
    Await.until(LIMIT, () -> assertThat(world.reports).anyMatch(one -> one.has(reason)));
    return world.reports.stream().filter(one -> one.has(reason)).findFirst().orElseThrow();
  }

  private Issuance lease(String identity, Duration life) {
    Instant now = world.clock.instant();
    return new Issuance(identity, now, now.plus(life));
  }

  @Test
  void aRefusedCredentialReplacesNothingAndNewNamespacesGetTheOneBefore() {
    try (var daemon = world.daemon()) {
      daemon.start();
      awaitText(cluster, "web", "first");
      world.registries.refuse("second");
      world.secrets.put("secret/quay", "password", "second");
      daemon.requestRound("test");
      CycleReport report = awaitReport(Reason.CredentialRejected);
      assertThat(report.readiness().message())
          .contains("quay", "vault:secret/quay#password", "401", "the one before serves");
      cluster.addNamespace("late");
      awaitText(cluster, "late", "first");
      assertThat(cluster.textOf(secret("web"), QUAY)).contains("first");
      assertThat(statusOf(daemon, "quay").proof()).isEqualTo(Proof.REFUSED);
    }
  }

  private static RegistryReport statusOf(ReconcileLoop daemon, String registry) {
    return Optional.ofNullable(daemon.status().round()).orElseThrow().reports().stream()
        .filter(report -> report.registry().equals(registry))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void newNamespacesGetTheLastPromotedCredentialWhileTheStoreIsAway() {
    try (var daemon = world.daemon()) {
      daemon.start();
      awaitText(cluster, "web", "first");
      world.secrets.answer("secret/quay", "password", new SecretLookup.Denied("permission denied"));
      daemon.requestRound("test");
      assertThat(awaitReport(Reason.CredentialWithheld).readiness().message())
          .contains("permission denied");
      cluster.addNamespace("late");
      awaitText(cluster, "late", "first");
    }
  }

  @Test
  void aRegistryThatHangsDelaysNobodyElseAndIsDeliveredWhenItAnswers() {
    world.registries.hangFor("quay.io");
    try (var daemon = world.daemon()) {
      daemon.start();
      Await.until(
          LIMIT, () -> assertThat(cluster.textOf(secret("web"), HUB)).contains("of the hub"));
      assertThat(cluster.textOf(secret("web"), QUAY)).isEmpty();
      world.registries.resume();
      awaitText(cluster, "web", "first");
      assertThat(daemon.status().round()).extracting("trigger").isEqualTo("late answer");
    }
  }

  @Test
  void aDueDateStartsARoundThoughTheIntervalIsLong() {
    world.secrets.lease("secret/quay", "password", "first", lease("a", Duration.ofSeconds(2)));
    try (var daemon = world.daemon()) {
      daemon.start();
      Await.until(
          LIMIT,
          () -> assertThat(daemon.status().round()).extracting("trigger").isEqualTo("due date"));
    }
  }

  @Test
  void suspendedStateIsFrozenButWhatWasMintedIsRefreshed() {
    world.secrets.lease("secret/quay", "password", "first", lease("a", Duration.ofHours(1)));
    world.process().apply();
    declare("suspend: State");
    world.clock.advance(Duration.ofMinutes(30));
    world.secrets.lease("secret/quay", "password", "second", lease("b", Duration.ofHours(1)));
    world.secrets.put("secret/hub", "password", "must not be written: suspended");
    CycleReport report = world.process().apply().reports().getFirst();
    assertThat(cluster.textOf(secret("web"), QUAY)).contains("second");
    assertThat(cluster.textOf(secret("web"), HUB)).contains("of the hub");
    assertThat(report.plan().frozen()).hasSize(2);
  }

  @Test
  void whatWasBeforeMayGoOnlyWhenTheNewOneIsInUseEverywhere() {
    try (var daemon = world.daemon()) {
      daemon.start();
      Await.until(LIMIT, () -> assertThat(world.secrets.promoted()).hasSize(2));
      cluster.failIn(
          "web", new Outcome.Failed(Outcome.FailureReason.Unavailable, "no answer", null));
      world.secrets.put("secret/quay", "password", "second");
      daemon.requestRound("test");
      awaitText(cluster, "shop", "second");
      awaitReport(Reason.Failed);
      assertThat(world.secrets.promoted()).hasSize(2);
      cluster.heal("web");
      world.clock.advance(Duration.ofMinutes(2));
      daemon.requestRound("test");
      awaitText(cluster, "web", "second");
      Await.until(
          LIMIT,
          () ->
              assertThat(world.secrets.promoted().subList(2, world.secrets.promoted().size()))
                  .extracting(Object::toString)
                  .containsExactly("vault:secret/quay#password"));
    }
  }

  @Test
  void aRoundThatEndsInADefectDoesNotPassItsNewLeaseOffAsInUse() {
    world.secrets.lease("secret/quay", "password", "first", lease("lease a", Duration.ofHours(9)));
    cluster.failIn("web", new Outcome.Failed(Outcome.FailureReason.Unavailable, "no answer", null));
    try (var daemon = world.daemon(Duration.ofMillis(100))) {
      daemon.start();
      awaitText(cluster, "shop", "first");
      world.secrets.lease("secret/quay", "password", "second", lease("b", Duration.ofHours(9)));
      world.secrets.setBroken(true);
      daemon.requestRound("test");
      Await.until(
          LIMIT,
          () ->
              assertThat(daemon.status().conditions())
                  .extracting(Condition::reason)
                  .contains(Reason.InternalError));
      cluster.heal("web");
      world.clock.advance(Duration.ofMinutes(2));
      Await.until(
          LIMIT, () -> assertThat(world.secrets.promotedLeases()).containsExactly("lease a"));
    }
  }

  @Test
  void aCredentialThatIsFrozenSomewhereIsNotInUseEverywhere() {
    world.process().apply();
    int before = world.secrets.promoted().size();
    declare("suspend: All");
    world.secrets.put("secret/quay", "password", "second");
    world.process().apply();
    assertThat(world.secrets.promoted()).hasSize(before);
  }

  @Test
  void whatIsUnverifiedIsInUseAndSaidSoAndKeepsNobodyFromReady() {
    world.registries.setAway(true);
    CycleReport report = world.process().apply().reports().getFirst();
    assertThat(report.has(Reason.CredentialUnverified)).isTrue();
    assertThat(report.readiness().reason()).isEqualTo(Reason.Ready);
  }

  @Test
  void whatEndsSoonIsSaidBeforeItDoes() {
    world.secrets.lease("secret/quay", "password", "first", lease("a", Duration.ofHours(4)));
    assertThat(world.process().apply().reports().getFirst().has(Reason.CredentialExpiring))
        .isFalse();
    world.clock.advance(Duration.ofHours(3));
    OneShotResult result = world.process().apply();
    assertThat(result.reports().getFirst().readiness())
        .satisfies(
            condition -> {
              assertThat(condition.reason()).isEqualTo(Reason.CredentialExpiring);
              assertThat(condition.message())
                  .contains("quay", world.clock.instant().plus(Duration.ofHours(1)).toString());
            });
  }

  @Test
  void applyTwiceProbesAndWritesOnce() {
    world.process().apply();
    List<String> asked = world.registries.asked();
    int changes = cluster.applied().size();
    world.process().apply();
    assertThat(world.registries.asked()).isEqualTo(asked).hasSize(2);
    assertThat(cluster.applied()).hasSize(changes);
  }

  @Test
  void previewAsksNoRegistryAndShowsWhatWouldBeReplaced() {
    world.process().apply();
    world.secrets.put("secret/quay", "password", "second");
    int asked = world.registries.asked().size();
    assertThat(world.process().preview().hasDifferences()).isTrue();
    assertThat(world.registries.asked()).hasSize(asked);
  }
}
