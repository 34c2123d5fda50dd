package dev.tidewaiter.reconcile;

import static dev.tidewaiter.reconcile.Harness.environment;
import static dev.tidewaiter.reconcile.Harness.registries;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.testing.Await;
import dev.tidewaiter.testing.InMemoryTarget;
import dev.tidewaiter.testing.RecordedLogs;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a daemon logs while nothing changes, and when something does.
class LoggedOnceTest {
  private static final String ENDED = "cycle ended";

  private final Harness world;
  private final InMemoryTarget cluster;

  LoggedOnceTest(@TempDir Path directory) {
    this.world = new Harness(directory);
    this.cluster = world.cluster("one", "shop");
    world.source.commit(registries() + environment("production", "shop", ""));
  }

  @Test
  void aBrokenRevisionIsWarnedOfOnceWithItsPlaceAndWhatToWrite() {
    try (var logs = new RecordedLogs();
        var daemon = world.daemon()) {
      daemon.start();
      cycle(daemon, 1);
      assertThat(logs.count(Level.WARN, "revision rejected")).isZero();

      world.source.commit(
          registries() + environment("production", "shop", "").replace("hub]", "hubb]"));
      daemon.requestRound("test");
      cycle(daemon, 2);
      daemon.requestRound("test again");
      cycle(daemon, 3);

      assertThat(logs.count(Level.WARN, "revision rejected")).isEqualTo(1);
      assertThat(logs.count(Level.WARN, "declaration rejected")).isEqualTo(1);
      assertThat(logs.text())
          .containsPattern("declaration rejected.*place=\"?[a-z]+\\.yaml:\\d+:\\d+.*hubb.*hint=")
          .contains("conditions=\"[Stalled]\"");

      world.source.commit(
          registries() + environment("production", "shop", "").replace("hub]", "hubbb]"));
      daemon.requestRound("test");
      cycle(daemon, 4);
      assertThat(logs.count(Level.WARN, "declaration rejected")).isEqualTo(2);
    }
  }

  @Test
  void aRepositoryThatDoesNotAnswerIsWarnedOfOnce() {
    try (var logs = new RecordedLogs();
        var daemon = world.daemon()) {
      daemon.start();
      cycle(daemon, 1);
      world.source.setAway(true);
      daemon.requestRound("test");
      cycle(daemon, 2);
      daemon.requestRound("test");
      cycle(daemon, 3);
      assertThat(logs.count(Level.WARN, "repository unavailable")).isEqualTo(1);
      assertThat(logs.text()).contains("git.example: no answer");
    }
  }

  @Test
  void aConditionThatStaysIsLoggedOnceAndItsEnd() {
    world.secrets.answer("secret/hub", "password", new SecretLookup.Denied("denied"));
    try (var logs = new RecordedLogs();
        var daemon = world.daemon()) {
      daemon.start();
      cycle(daemon, 1);
      daemon.requestRound("test");
      cycle(daemon, 2);
      long told = logs.count(Level.INFO, ENDED);
      long quiet = logs.count(Level.DEBUG, ENDED);
      daemon.requestRound("test");
      cycle(daemon, 3);
      assertThat(world.reports.getLast().has(Reason.CredentialWithheld)).isTrue();
      assertThat(logs.count(Level.INFO, ENDED)).isEqualTo(told);
      assertThat(logs.count(Level.DEBUG, ENDED)).isEqualTo(quiet + 1);

      cluster.setAway(true);
      daemon.requestRound("test");
      cycle(daemon, 4);
      daemon.requestRound("test");
      cycle(daemon, 5);
      assertThat(logs.count(Level.INFO, ENDED)).isEqualTo(told + 1);
      cluster.setAway(false);
      daemon.requestRound("test");
      cycle(daemon, 6);
      assertThat(logs.count(Level.INFO, ENDED)).as("that it ended is news").isEqualTo(told + 2);
    }
  }

  @Test
  void aLimitedCycleThatSeesLessIsNoNews() {
    var log = new CycleLog();
    var known = new Condition(Reason.Unsupported, "the allow-list");
    try (var logs = new RecordedLogs()) {
      log.ended(report(Trigger.whole("round"), known));
      log.ended(report(new Trigger("event", Set.of("shop"))));
      log.ended(report(Trigger.whole("round"), known));
      assertThat(logs.count(Level.INFO, ENDED)).isEqualTo(1);
      log.ended(report(Trigger.whole("round")));
      assertThat(logs.count(Level.INFO, ENDED)).isEqualTo(2);
    }
  }

  private void cycle(ReconcileLoop daemon, int number) {
    Await.until(Harness.LIMIT, () -> assertThat(world.reports).hasSize(number));
    assertThat(daemon.status().round()).isNotNull();
  }

  private static CycleReport report(Trigger trigger, Condition... conditions) {
    var revision = new Revision("a".repeat(40));
    return new CycleReport(
        "0badcafe",
        new Subject("production", "cluster/one"),
        trigger,
        new CycleReport.Revisions(revision, revision),
        List.of(),
        CycleReport.NO_PLAN,
        null,
        List.of(),
        List.of(conditions),
        new CycleReport.Timing(Instant.EPOCH, Duration.ZERO));
  }
}
