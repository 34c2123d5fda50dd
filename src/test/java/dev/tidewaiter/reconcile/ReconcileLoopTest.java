package dev.tidewaiter.reconcile;

import static dev.tidewaiter.reconcile.Harness.LIMIT;
import static dev.tidewaiter.reconcile.Harness.environment;
import static dev.tidewaiter.reconcile.Harness.registries;
import static dev.tidewaiter.reconcile.Harness.registry;
import static dev.tidewaiter.reconcile.Harness.secret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testing.Await;
import dev.tidewaiter.testing.InMemoryTarget;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconcileLoopTest {
  private final Harness world;
  private final InMemoryTarget cluster;

  ReconcileLoopTest(@TempDir Path directory) {
    this.world = new Harness(directory);
    this.cluster = world.cluster("one", "shop", "web");
    world.source.commit(registries() + environment("production", "shop, web, late", ""));
  }

  private void awaitOwned(long count) {
    Await.until(LIMIT, () -> assertThat(cluster.owned()).isEqualTo(count));
  }

  @Test
  void settlesAndCorrectsDriftAndServesNewNamespacesWithoutARound() {
    try (var daemon = world.daemon()) {
      daemon.start();
      Await.until(LIMIT, () -> assertThat(world.source.settled()).isNotNull());
      cluster.delete(secret("web"));
      Await.until(LIMIT, () -> assertThat(cluster.fieldsOf(secret("web"))).isPresent());
      cluster.addNamespace("late");
      awaitOwned(6);
      assertThat(daemon.status().round()).extracting("number").isEqualTo(1L);
      assertThat(daemon.status().isServing()).isTrue();
    }
  }

  @Test
  void whatIsAskedForOftenBeforeItsRoundBeginsIsOneRound() {
    try (var daemon = world.daemon()) {
      world.registries.hangFor("quay.io");
      daemon.start();
      Await.until(LIMIT, () -> assertThat(world.registries.asked()).hasSize(2));
      // The first round still waits for the registry.
      for (int i = 0; i < 1000; i++) {
        daemon.requestRound("test");
      }
      world.registries.resume();
      daemon.requestRound("the last");
      Await.until(
          LIMIT,
          () -> assertThat(daemon.status().round()).extracting("trigger").isEqualTo("the last"));
      assertThat(Optional.ofNullable(daemon.status().round()).orElseThrow().number())
          .isLessThan(10);
    }
  }

  @Test
  void anUnchangedHeadIsNotLoadedAgain() {
    try (var daemon = world.daemon()) {
      daemon.start();
      awaitOwned(4);
      int read = world.source.snapshots();
      world.secrets.put("secret/quay", "password", "rotated");
      daemon.requestRound("test");
      Await.until(
          LIMIT,
          () -> assertThat(cluster.textOf(secret("shop"), "auths/quay.io")).contains("rotated"));
      assertThat(world.source.snapshots()).isEqualTo(read);
    }
  }

  @Test
  void theHistoryOfDuplicatesIsReadOnce() {
    String duplicates =
        registries().replace("docker.io", "quay.io") + environment("production", "shop", "");
    world.source.commit(registry("quay", "quay.io"));
    for (int i = 0; i < 20; i++) {
      world.source.commit(duplicates + "# " + i);
    }
    var round = world.round();
    RoundResult first = round.run(null, "test");
    assertThat(world.source.snapshots()).isLessThan(100);
    int read = world.source.snapshots();
    world.source.commit(duplicates + "# the last");
    RoundResult second = round.run(first, "test");
    assertThat(second.standing().inForce())
        .isNotNull()
        .extracting(inForce -> inForce.declarations().superseded())
        .isEqualTo(Map.of("production", Map.of("quay", "hub")));
    assertThat(world.source.snapshots() - read).isEqualTo(2);
  }

  @Test
  void anEventInOneNamespaceDoesNotWaitBehindAnotherThatHangs() {
    try (var daemon = world.daemon()) {
      cluster.hangIn("shop");
      daemon.start();
      Await.until(LIMIT, () -> assertThat(cluster.fieldsOf(secret("web"))).isPresent());
      cluster.addNamespace("late");
      Await.until(LIMIT, () -> assertThat(cluster.fieldsOf(secret("late"))).isPresent());
      assertThat(cluster.fieldsOf(secret("shop"))).isEmpty();
      cluster.heal("shop");
      awaitOwned(6);
      world.awaitAudited(cluster.applied().size());
    }
  }

  @Test
  void aWriterThatRevertsEverythingIsContendedAndOnlyItsResourceIsLeftAlone() {
    try (var daemon = world.daemon()) {
      daemon.start();
      awaitOwned(4);
      cluster.afterApplied(
          change -> {
            if (change.id().equals(secret("web"))) {
              cluster.delete(change.id());
            }
          });
      cluster.delete(secret("web"));
      Await.until(
          LIMIT, () -> assertThat(world.reports).anyMatch(report -> report.has(Reason.Contended)));
      assertThat(world.reports.getLast().conditions())
          .anySatisfy(condition -> assertThat(condition.message()).contains("the reverter", "web"));
      long tries = cluster.applied().stream().filter(c -> c.id().equals(secret("web"))).count();
      assertThat(tries).isEqualTo(7);
      cluster.delete(secret("shop"));
      Await.until(LIMIT, () -> assertThat(cluster.fieldsOf(secret("shop"))).isPresent());
    }
  }

  @Test
  void aStopEndsTheChangeInFlightAndStartsNoOther() throws InterruptedException {
    var began = new CountDownLatch(1);
    var mayEnd = new CountDownLatch(1);
    cluster.afterApplied(
        change -> {
          began.countDown();
          awaitLatch(mayEnd);
        });
    var daemon = world.daemon();
    daemon.start();
    assertThat(began.await(20, TimeUnit.SECONDS)).isTrue();
    Thread stopping = Thread.ofVirtual().start(daemon::close);
    Thread.ofVirtual()
        .start(
            () -> {
              Await.until(LIMIT, () -> assertThat(daemon.isStopping()).isTrue());
              mayEnd.countDown();
            });
    stopping.join();
    assertThat(cluster.applied()).hasSizeLessThanOrEqualTo(2);
    assertThat(world.reports.getLast().has(Reason.Reconciling)).isTrue();
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
