package dev.tidewaiter.reconcile;

import static dev.tidewaiter.reconcile.Harness.LIMIT;
import static dev.tidewaiter.reconcile.Harness.ecr;
import static dev.tidewaiter.reconcile.Harness.secret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.registry.TokenAnswer;
import dev.tidewaiter.testing.Await;
import dev.tidewaiter.testing.InMemoryTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tokens of ECR, from the declaration to what a cluster holds.
class MintedTokensTest {
  private static final String ECR = "auths/111122223333.dkr.ecr.eu-west-1.amazonaws.com";
  private static final Duration LIFE = Duration.ofHours(12);
  private static final TokenAnswer AWAY = new TokenAnswer.Unavailable("AWS does not answer", null);

  private final Harness world;

  MintedTokensTest(@TempDir Path directory) {
    this.world = new Harness(directory);
  }

  private static String environment(String name, String namespaces, String more) {
    return """
    ---
    apiVersion: tidewaiter.dev/v1
    kind: Environment
    metadata: {name: %s}
    spec:
      registries: [ecr]
      namespaces: {names: [%s]}
      %s
    """
        .formatted(name, namespaces, more);
  }

  @Test
  void saysWhetherTheFirstTokenIsBeingMinted() {
    world.cluster("one", "shop");
    world.source.commit(ecr() + environment("production", "shop", ""));
    assertThat(withheld(world.process().preview().reports().getFirst()))
        .endsWith("no token is there yet (`diff` mints none) (1 place(s))");
    world.cloud.hang();
    try (var daemon = world.daemon()) {
      daemon.start();
      Await.until(LIMIT, () -> assertThat(world.reports).isNotEmpty());
      assertThat(withheld(world.reports.getFirst()))
          .endsWith("its first token is being minted (1 place(s))");
      world.cloud.resume();
    }
  }

  private static String withheld(CycleReport report) {
    return report.conditions().stream()
        .filter(condition -> condition.reason() == Reason.CredentialWithheld)
        .map(Condition::message)
        .findFirst()
        .orElse("none");
  }

  @Test
  void manyEnvironmentsOfTwoProcessesCostOneTokenAndEachIsWrittenOnce() {
    int many = 100;
    var names = IntStream.range(0, many).mapToObj(i -> "team-" + i).toArray(String[]::new);
    InMemoryTarget cluster = world.cluster("one", names);
    var declarations = new StringBuilder(ecr());
    for (String name : names) {
      declarations.append(environment(name, name, ""));
    }
    world.source.commit(declarations.toString());
    world.process().apply();
    OneShotResult second = world.process().apply();
    assertThat(world.cloud.asked()).containsExactly("ecr/111122223333/eu-west-1/own");
    assertThat(world.registries.asked()).hasSize(1);
    assertThat(cluster.applied()).hasSize(many);
    assertThat(second.isIncomplete()).isFalse();
    world.clock.advance(LIFE.dividedBy(2));
    world.process().apply();
    assertThat(world.cloud.asked()).hasSize(2);
    assertThat(cluster.textOf(secret("team-99"), ECR)).contains("token-2");
  }

  /// `apply` every half hour, as a timer would run it: each time another process.
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 6, 8, 11, 17})
  void whatIsThereHasNeverEndedWhicheverFiveHoursTheCloudIsAway(int from) {
    InMemoryTarget cluster = world.cluster("one", "shop");
    world.source.commit(ecr() + environment("production", "shop", ""));
    List<Instant> ends = new ArrayList<>();
    for (int half = 0; half <= 96; half++) {
      boolean away = half > 2 * from && half <= 2 * (from + 5);
      world.cloud.fail(away ? AWAY : null);
      world.process().apply();
      String there = cluster.textOf(secret("shop"), ECR);
      int newest = Integer.parseInt(there.replaceFirst(".*token-([0-9]+)0:", "$1"));
      while (ends.size() < newest) {
        ends.add(world.clock.instant().plus(LIFE));
      }
      world.clock.advance(Duration.ofMinutes(30));
      assertThat(ends.get(newest - 1)).isAfter(world.clock.instant());
    }
    assertThat(ends).hasSizeBetween(7, 10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"suspend: State", "driftMode: DetectOnly"})
  void aFrozenEnvironmentStillGetsFreshTokensButNothingNew(String frozen) {
    InMemoryTarget cluster = world.cluster("one", "shop");
    world.source.commit(ecr() + environment("production", "shop, late", ""));
    world.process().apply();
    world.source.commit(ecr() + environment("production", "shop, late", frozen));
    cluster.addNamespace("late");
    world.clock.advance(LIFE.dividedBy(2));
    world.process().apply();
    assertThat(cluster.textOf(secret("shop"), ECR)).contains("token-2");
    assertThat(cluster.fieldsOf(secret("late"))).isEmpty();
  }

  @Test
  void anEnvironmentOfWhichNothingIsTouchedKeepsItsToken() {
    InMemoryTarget cluster = world.cluster("one", "shop");
    world.source.commit(ecr() + environment("production", "shop", ""));
    world.process().apply();
    world.source.commit(ecr() + environment("production", "shop", "suspend: All"));
    world.clock.advance(LIFE.dividedBy(2));
    world.process().apply();
    assertThat(cluster.textOf(secret("shop"), ECR)).contains("token-1");
  }

  @Test
  void aNewNamespaceIsServedWhileTheCloudIsAwayAndTheReportSaysWhatEndsWhen() {
    InMemoryTarget cluster = world.cluster("one", "shop");
    world.source.commit(ecr() + environment("production", "shop, late", ""));
    Instant end = world.clock.instant().plus(LIFE);
    try (var daemon = world.daemon()) {
      daemon.start();
      awaitToken(cluster, secret("shop"));
      world.cloud.fail(AWAY);
      world.clock.advance(Duration.ofHours(10));
      daemon.requestRound("test");
      Await.until(
          LIMIT,
          () ->
              assertThat(world.reports.getLast().conditions())
                  .extracting(Condition::reason)
                  .containsExactly(Reason.CredentialExpiring, Reason.MintFailed));
      cluster.addNamespace("late");
      awaitToken(cluster, secret("late"));
      assertThat(daemon.status().round())
          .isNotNull()
          .satisfies(
              round ->
                  assertThat(round.reports())
                      .singleElement()
                      .satisfies(
                          report -> {
                            assertThat(report.expiresAt()).isEqualTo(end);
                            assertThat(report.lastFailure()).contains("AWS does not answer");
                            assertThat(report.identity())
                                .isEqualTo("ecr/111122223333/eu-west-1/own");
                          }));
    }
  }

  private static void awaitToken(InMemoryTarget cluster, ResourceId secret) {
    Await.until(LIMIT, () -> assertThat(cluster.textOf(secret, ECR)).contains("token-1"));
  }

  @Test
  void aCycleLongAfterItsRoundDeliversNothingThatHasEnded() {
    InMemoryTarget cluster = world.cluster("one", "shop");
    world.source.commit(ecr() + environment("production", "shop, late", ""));
    try (var daemon = world.daemon()) {
      daemon.start();
      awaitToken(cluster, secret("shop"));
      world.clock.advance(LIFE);
      cluster.addNamespace("late");
      Await.until(
          LIMIT,
          () ->
              assertThat(world.reports.getLast().conditions())
                  .extracting(Condition::message)
                  .anyMatch(message -> message.contains("has ended since the last round")));
      assertThat(cluster.fieldsOf(secret("late"))).isEmpty();
    }
  }

  @Test
  void aCloudThatWasAwayFromTheBeginningWithholdsWithTheReason() {
    world.cluster("one", "shop");
    world.source.commit(ecr() + environment("production", "shop", ""));
    world.cloud.fail(AWAY);
    OneShotResult result = world.process().apply();
    assertThat(result.isUnavailable()).isTrue();
    assertThat(result.reports().getFirst().readiness())
        .satisfies(
            condition -> {
              assertThat(condition.reason()).isEqualTo(Reason.CredentialWithheld);
              assertThat(condition.message()).contains("AWS does not answer", "since");
            });
  }

  @Test
  void previewMintsNothing() {
    world.cluster("one", "shop");
    world.source.commit(ecr() + environment("production", "shop", ""));
    OneShotResult preview = world.process().preview();
    assertThat(world.cloud.asked()).isEmpty();
    assertThat(preview.reports().getFirst().has(Reason.CredentialWithheld)).isTrue();
  }
}
