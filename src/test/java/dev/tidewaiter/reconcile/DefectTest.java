package dev.tidewaiter.reconcile;

import static dev.tidewaiter.reconcile.Harness.LIMIT;
import static dev.tidewaiter.reconcile.Harness.awaitConditions;
import static dev.tidewaiter.reconcile.Harness.ecr;
import static dev.tidewaiter.reconcile.Harness.inForce;
import static dev.tidewaiter.reconcile.Harness.reasons;
import static dev.tidewaiter.reconcile.Harness.secret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Revision;
import dev.tidewaiter.testing.Await;
import dev.tidewaiter.testing.InMemoryTarget;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a daemon does on although something of it is broken.
class DefectTest {
  private static final String ECR = "auths/111122223333.dkr.ecr.eu-west-1.amazonaws.com";
  private static final Duration HALF_LIFE = Duration.ofHours(6);
  private static final String ENVIRONMENT =
      """
      ---
      apiVersion: tidewaiter.dev/v1
      kind: Environment
      metadata: {name: production}
      spec: {registries: [ecr], namespaces: {names: [shop, late]}}
      """;

  private final Harness world;
  private final InMemoryTarget cluster;
  private final Revision good;

  DefectTest(@TempDir Path directory) {
    this.world = new Harness(directory);
    this.cluster = world.cluster("one", "shop");
    this.good = world.source.commit(ecr() + ENVIRONMENT);
  }

  private void awaitToken(int number) {
    Await.until(
        LIMIT, () -> assertThat(cluster.textOf(secret("shop"), ECR)).contains("token-" + number));
  }

  private void refreshToken(ReconcileLoop daemon, int number) {
    world.clock.advance(HALF_LIFE);
    daemon.requestRound("test");
    awaitToken(number);
  }

  @Test
  void aRevisionThatCannotBeLoadedForAnErrorStopsNoTokenAndTheNextOneHealsIt() {
    try (var daemon = world.daemon()) {
      daemon.start();
      awaitToken(1);
      world.source.spoil(world.source.commit("too large for us"));
      daemon.requestRound("test");
      awaitConditions(daemon, Reason.Stalled);
      refreshToken(daemon, 2);
      assertThat(inForce(daemon)).isEqualTo(good);
    }
    try (var restarted = world.daemon()) {
      restarted.start();
      awaitConditions(restarted, Reason.Stalled);
      refreshToken(restarted, 3);
      assertThat(inForce(restarted)).isEqualTo(good);
      Revision next = world.source.commit(ecr() + ENVIRONMENT);
      restarted.requestRound("test");
      awaitConditions(restarted);
      assertThat(inForce(restarted)).isEqualTo(next);
    }
  }

  @Test
  void aRevisionForWhichMemoryWasShortIsTriedAgain() {
    try (var daemon = world.daemon()) {
      daemon.start();
      awaitToken(1);
      Revision next = world.source.commit(ecr() + ENVIRONMENT + "# newer");
      world.source.spoil(next);
      daemon.requestRound("test");
      awaitConditions(daemon, Reason.Stalled);
      world.source.unspoil();
      daemon.requestRound("test");
      awaitConditions(daemon);
      assertThat(inForce(daemon)).isEqualTo(next);
    }
  }

  /// What the newest adds would look withdrawn.
  @Test
  void nothingOlderTakesThePlaceOfWhatWasInForceBeforeARestart() {
    Revision newest = world.source.commit(ecr() + ENVIRONMENT + "# newer");
    try (var daemon = world.daemon()) {
      daemon.start();
      awaitToken(1);
      Await.until(LIMIT, () -> assertThat(world.source.settled()).isEqualTo(newest));
    }
    world.source.spoil(newest);
    try (var restarted = world.daemon()) {
      restarted.start();
      Await.until(LIMIT, () -> assertThat(reasons(restarted)).contains(Reason.SourceUnavailable));
      assertThat(inForce(restarted)).isNull();
      world.source.unspoil();
      restarted.requestRound("test");
      awaitConditions(restarted);
      assertThat(inForce(restarted)).isEqualTo(newest);
    }
  }

  @Test
  void aDefectInFetchingStopsNoTokenAlsoAfterARestart() {
    try (var daemon = world.daemon()) {
      daemon.start();
      awaitToken(1);
      Await.until(LIMIT, () -> assertThat(world.source.settled()).isEqualTo(good));
      world.source.setBroken(true);
      refreshToken(daemon, 2);
      assertThat(reasons(daemon)).containsExactly(Reason.SourceUnavailable);
    }
    try (var restarted = world.daemon()) {
      restarted.start();
      awaitConditions(restarted, Reason.SourceUnavailable);
      refreshToken(restarted, 3);
      world.source.setBroken(false);
      restarted.requestRound("test");
      awaitConditions(restarted);
    }
  }

  @Test
  void aDefectInSettlingStopsNoRound() {
    world.source.setUnsettling(true);
    try (var daemon = world.daemon()) {
      daemon.start();
      awaitToken(1);
      awaitConditions(daemon, Reason.InternalError);
      refreshToken(daemon, 2);
      world.source.setUnsettling(false);
      daemon.requestRound("test");
      Await.until(LIMIT, () -> assertThat(world.source.settled()).isEqualTo(good));
      awaitConditions(daemon);
    }
  }

  @Test
  void aDefectBetweenTwoRoundsStopsNoRound() {
    // No clock counts so many seconds in nanoseconds.
    try (var daemon = world.daemon(Duration.ofSeconds(Long.MAX_VALUE))) {
      daemon.start();
      awaitToken(1);
      awaitConditions(daemon, Reason.InternalError);
      refreshToken(daemon, 2);
    }
  }
}
