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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What goes on while a server never ends its answer, or the loading of a revision does not end.
class SlowRepositoryTest {
  private static final String ECR = "auths/111122223333.dkr.ecr.eu-west-1.amazonaws.com";
  private static final Duration HALF_LIFE = Duration.ofHours(6);

  private final Harness world;
  private final InMemoryTarget cluster;
  private final Revision good;

  SlowRepositoryTest(@TempDir Path directory) {
    this.world = new Harness(directory);
    this.cluster = world.cluster("one", "shop", "late");
    this.good = world.source.commit(declaring("shop"));
    world.beImpatient();
  }

  private static String declaring(String namespaces) {
    return ecr()
        + """
        ---
        apiVersion: tidewaiter.dev/v1
        kind: Environment
        metadata: {name: production}
        spec: {registries: [ecr], namespaces: {names: [%s]}}
        """
            .formatted(namespaces);
  }

  @AfterEach
  void endThreads() {
    world.source.setEndless(false);
    world.source.resumeAll();
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

  private void awaitInForce(ReconcileLoop daemon, Revision revision) {
    Await.until(LIMIT, () -> assertThat(inForce(daemon)).isEqualTo(revision));
  }

  @Test
  void aServerThatNeverEndsItsAnswerStopsNoTokenAndIsAskedByOneThread() {
    try (var daemon = world.daemon()) {
      daemon.start();
      awaitToken(1);
      world.source.setEndless(true);
      Revision next = world.source.commit(declaring("shop, late"));
      refreshToken(daemon, 2);
      refreshToken(daemon, 3);
      assertThat(reasons(daemon)).containsExactly(Reason.SourceUnavailable);
      assertThat(daemon.status().conditions().getFirst().message()).contains("still answering");
      assertThat(daemon.hasProgressedWithin(Duration.ofSeconds(5))).isTrue();
      assertThat(world.source.waiting()).isEqualTo(1);
      world.source.setEndless(false);
      // By a round that the late answer itself asks for.
      awaitInForce(daemon, next);
      awaitConditions(daemon);
    }
  }

  @Test
  void afterARestartWhatWasFetchedBeforeServesWhileTheServerNeverEndsItsAnswer() {
    try (var daemon = world.daemon()) {
      daemon.start();
      awaitToken(1);
      Await.until(LIMIT, () -> assertThat(world.source.settled()).isEqualTo(good));
    }
    world.source.setEndless(true);
    try (var restarted = world.daemon()) {
      restarted.start();
      awaitConditions(restarted, Reason.SourceUnavailable);
      assertThat(inForce(restarted)).isEqualTo(good);
      refreshToken(restarted, 2);
    }
  }

  @Test
  void aFirstCloneThatTakesLongComesToItsEnd() {
    world.source.setEndless(true);
    try (var daemon = world.daemon()) {
      daemon.start();
      awaitConditions(daemon, Reason.SourceUnavailable, Reason.NothingInForce);
      assertThat(daemon.hasProgressedWithin(Duration.ofSeconds(5))).isTrue();
      world.source.setEndless(false);
      awaitToken(1);
      awaitConditions(daemon);
    }
  }

  @Test
  void aRevisionWhoseLoadingDoesNotEndIsRejectedAndARevertHealsIt() {
    try (var daemon = world.daemon()) {
      daemon.start();
      awaitToken(1);
      Revision endless = world.source.commit(declaring("shop, late"));
      world.source.hangOn(endless);
      daemon.requestRound("test");
      awaitConditions(daemon, Reason.Stalled);
      refreshToken(daemon, 2);
      refreshToken(daemon, 3);
      assertThat(inForce(daemon)).isEqualTo(good);
      assertThat(world.source.waiting()).isEqualTo(1);
      Revision revert = world.source.commit(declaring("shop"));
      daemon.requestRound("test");
      awaitConditions(daemon);
      assertThat(inForce(daemon)).isEqualTo(revert);
      assertThat(world.source.waiting()).isEqualTo(1);
    }
  }

  @Test
  void notMoreThanOneThreadIsLeftBehindWhileAnotherIsAtWork() {
    try (var daemon = world.daemon()) {
      daemon.start();
      awaitToken(1);
      for (int i = 0; i < 5; i++) {
        world.source.hangOn(world.source.commit(declaring("shop, late") + "# " + i));
        daemon.requestRound("test");
        awaitConditions(daemon, Reason.Stalled);
        refreshToken(daemon, 2 + i);
      }
      assertThat(world.source.waiting()).isEqualTo(2);
      assertThat(inForce(daemon)).isEqualTo(good);
    }
  }

  @Test
  void aRevisionWhoseLoadingEndsLateIsThenInForce() {
    try (var daemon = world.daemon()) {
      daemon.start();
      awaitToken(1);
      Revision slow = world.source.commit(declaring("shop, late"));
      world.source.hangOn(slow);
      daemon.requestRound("test");
      awaitConditions(daemon, Reason.Stalled);
      int read = world.source.snapshots();
      world.source.resumeAll();
      awaitInForce(daemon, slow);
      awaitConditions(daemon);
      assertThat(world.source.snapshots()).isEqualTo(read + 1);
    }
  }

  /// A restart must not take away what a revision gave only because it loads slowly now.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void afterARestartNothingIsWithdrawnThatAnUnsettledRevisionMayHaveGiven(boolean isNewest) {
    Revision slow;
    try (var daemon = world.daemon()) {
      daemon.start();
      awaitToken(1);
      Await.until(LIMIT, () -> assertThat(world.source.settled()).isEqualTo(good));
      world.source.setUnsettling(true);
      slow = world.source.commit(declaring("shop, late"));
      daemon.requestRound("test");
      Await.until(LIMIT, () -> assertThat(cluster.fieldsOf(secret("late"))).isPresent());
    }
    world.source.setUnsettling(false);
    world.source.hangOn(slow);
    if (!isNewest) {
      world.source.commit("kind: Nonsense");
    }
    try (var restarted = world.daemon()) {
      restarted.start();
      awaitConditions(restarted, Reason.Stalled);
      refreshToken(restarted, 2);
      assertThat(inForce(restarted)).isEqualTo(good);
      assertThat(world.reports.getLast().has(Reason.WithdrawalHeld)).isTrue();
      assertThat(cluster.fieldsOf(secret("late"))).isPresent();
      world.source.resumeAll();
      awaitInForce(restarted, slow);
      Await.until(LIMIT, () -> assertThat(world.source.settled()).isEqualTo(slow));
    }
  }

  @Test
  void nothingOlderTakesThePlaceOfASettledRevisionThatLoadsSlowly() {
    Revision newest = world.source.commit(declaring("shop, late"));
    try (var daemon = world.daemon()) {
      daemon.start();
      awaitToken(1);
      Await.until(LIMIT, () -> assertThat(world.source.settled()).isEqualTo(newest));
    }
    world.source.hangOn(newest);
    try (var restarted = world.daemon()) {
      restarted.start();
      awaitConditions(restarted, Reason.SourceUnavailable, Reason.NothingInForce);
      assertThat(cluster.fieldsOf(secret("late"))).isPresent();
      world.source.resumeAll();
      awaitInForce(restarted, newest);
    }
  }

  @Test
  void aCommandSaysThatARevisionIsNotLoadedInTimeAndEnds() {
    // It has no later round in which a good revision that was slow would count.
    world.beImpatient(Duration.ofSeconds(3));
    world.source.hangOn(world.source.commit(declaring("shop, late")));
    OneShotResult applied = world.process().apply();
    assertThat(applied.isRejected()).isTrue();
    assertThat(applied.round().standing().problems().getFirst().toString())
        .contains("has not ended in time");
    assertThat(cluster.fieldsOf(secret("shop"))).isPresent();
    assertThat(cluster.fieldsOf(secret("late"))).isEmpty();
  }
}
