package dev.tidewaiter.reconcile;

import static dev.tidewaiter.reconcile.Harness.secret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.testing.InMemoryTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A cycle that comes into a namespace before an older one carries out what it planned.
class OvertakingTest {
  private static final ResourceId SECRET = secret("late");
  private static final ResourceId ACCOUNT =
      new ResourceId(ResourceKind.SERVICE_ACCOUNT, "late", "default");

  private final Harness world;
  private final InMemoryTarget cluster;
  private final Application application;
  private final Memory memory;

  OvertakingTest(@TempDir Path directory) {
    this.world = new Harness(directory);
    this.cluster = world.cluster("one", "late");
    Setup setup = world.setup();
    this.application = new Application(cluster, setup);
    this.memory = new Memory(setup.clock(), setup.random());
  }

  @ParameterizedTest
  @EnumSource(names = {"Unavailable", "QuotaExceeded", "AccessDenied"})
  void whatItMadeBeforeItFailedIsNotTakenAway(FailureReason reason) {
    cluster.failOn(ACCOUNT, new Outcome.Failed(reason, "of the newer cycle", null));
    carryOut(5, create(SECRET), create(ACCOUNT));
    awaitEndOfPause();

    assertThat(carryOut(4, new Change.Prune(SECRET))).noneMatch(Result::isDone);

    assertThat(cluster.fieldsOf(SECRET)).isPresent();
    awaitEndOfPause();
    assertThat(carryOut(6, new Change.Prune(SECRET))).allMatch(Result::isDone);
    assertThat(cluster.fieldsOf(SECRET)).isEmpty();
  }

  @Test
  void whatItMayHaveMadeWithoutAnAnswerIsNotTakenAway() {
    cluster.failOn(SECRET, new Outcome.Failed(FailureReason.Unavailable, "no answer", null));
    carryOut(5, create(SECRET));
    cluster.heal(SECRET.toString());
    awaitEndOfPause();

    assertThat(carryOut(4, new Change.Prune(SECRET))).noneMatch(Result::isDone);

    assertThat(cluster.applied()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"Unavailable", "QuotaExceeded", "AccessDenied"})
  void whatItFailedToDoDoesNotCountAsDone(FailureReason reason) {
    cluster.failOn(ACCOUNT, new Outcome.Failed(reason, "of the newer cycle", null));
    carryOut(5, create(SECRET), create(ACCOUNT));
    awaitEndOfPause();

    assertThat(carryOut(4, create(SECRET), create(ACCOUNT))).noneMatch(Result::isDone);
  }

  @Test
  void whatItDidCountsAsDone() {
    carryOut(5, create(SECRET), create(ACCOUNT));

    assertThat(carryOut(4, create(SECRET), create(ACCOUNT))).allMatch(Result::isDone);
    assertThat(cluster.applied()).hasSize(2);
  }

  @Test
  void aNamespaceThatIsGivenUpAgainAndAgainIsSparedForLonger() {
    cluster.failOn(ACCOUNT, new Outcome.Failed(FailureReason.Unavailable, "no answer", null));
    for (int cycle = 1; cycle <= 6; cycle++) {
      carryOut(cycle, create(SECRET), create(ACCOUNT));
      awaitEndOfPause();
    }
    carryOut(7, create(SECRET), create(ACCOUNT));
    int applied = cluster.applied().size();
    world.clock.advance(Duration.ofSeconds(30));

    carryOut(8, create(SECRET));

    assertThat(cluster.applied()).hasSize(applied);
  }

  private void awaitEndOfPause() {
    world.clock.advance(Duration.ofMinutes(2));
  }

  private List<Result> carryOut(long stamp, Change... changes) {
    var run =
        new Run(
            "cycle-" + stamp,
            new Subject("production", cluster.name()),
            Trigger.whole("test"),
            new Revision("0123456789012345678901234567890123456789"),
            memory,
            stamp,
            Map.of());
    return application.carryOut(run, List.of(changes), (_, _) -> null);
  }

  private static Change create(ResourceId id) {
    return new Change.Create(
        id, new TreeMap<>(Map.of("auths/quay.io", new FieldValue.Plain("of the newer cycle"))));
  }
}
