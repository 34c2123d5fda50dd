package dev.tidewaiter.registry;

import static dev.tidewaiter.registry.Life.ecr;
import static dev.tidewaiter.registry.Life.issuance;
import static dev.tidewaiter.registry.Life.password;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.model.Minted;
import dev.tidewaiter.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tokens over days, in minutes: the clock is the test's.
class TokenLifeTest {
  private static final Duration LIFE = Duration.ofHours(12);
  private static final Wanted ECR = ecr("ecr-eu", "111122223333");
  private static final TokenAnswer AWAY = new TokenAnswer.Unavailable("AWS does not answer", null);

  @TempDir Path directory;

  private Life world() {
    return new Life(directory, LIFE);
  }

  static Stream<Duration> starts() {
    return IntStream.range(0, 48).mapToObj(half -> Duration.ofMinutes(30).multipliedBy(half));
  }

  @ParameterizedTest
  @MethodSource("starts")
  void deliversNothingThatHasEndedWhicheverFiveHoursTheCloudIsAway(Duration start) {
    Life world = world();
    Duration step = Duration.ofMinutes(5);
    Instant begin = world.clock.instant();
    // What a target has: a withheld entry leaves it.
    Issuance there = Optional.ofNullable(issuance(world.one(ECR))).orElseThrow();
    for (Duration at = step; at.compareTo(Duration.ofDays(2)) <= 0; at = at.plus(step)) {
      boolean away = at.compareTo(start) >= 0 && at.compareTo(start.plusHours(5)) < 0;
      world.cloud.fail(away ? AWAY : null);
      world.clock.advance(step);
      assertThat(there.expiresAt())
          .as("what is there %s after %s", at, begin)
          .isAfter(world.clock.instant());
      Issuance delivered = issuance(world.one(ECR));
      there = delivered == null ? there : delivered;
      assertThat(there.expiresAt()).isAfter(world.clock.instant());
    }
    // 48 h are eight half-lives, ten with the jitter; five hours of pauses of 3:45 to 5 minutes.
    assertThat(world.cloud.asked().size()).isBetween(8, 12 + 85);
  }

  @Test
  void aThousandRegistriesOfOneIdentityCostOneCallForEachHalfLifeAndNoneOnARestart() {
    Life world = world();
    Wanted[] many =
        IntStream.range(0, 1000)
            .mapToObj(i -> ecr("ecr-" + i, "111122223333"))
            .toArray(Wanted[]::new);
    for (int round = 0; round < 10; round++) {
      assertThat(world.advance(many)).hasSize(1000);
    }
    world.restart();
    assertThat(world.advance(many).values())
        .allSatisfy(situation -> assertThat(password(situation)).isEqualTo("token-1"));
    assertThat(world.cloud.asked()).hasSize(1);
    // Past half of the life, which is the latest; at 0.4 of it is the earliest.
    world.clock.advance(LIFE.dividedBy(2));
    world.advance(many);
    world.advance(many);
    assertThat(world.cloud.asked()).hasSize(2);
    world.clock.advance(LIFE.multipliedBy(39).dividedBy(100));
    world.advance(many);
    assertThat(world.cloud.asked()).hasSize(2);
    assertThat(world.registry.asked()).as("the same question of all is asked once").hasSize(2);
  }

  @Test
  void differentIdentitiesShareNothing() {
    Life world = world();
    var situations = world.advance(ECR, ecr("ecr-other", "444455556666"));
    assertThat(world.cloud.asked()).hasSize(2).doesNotHaveDuplicates();
    assertThat(situations.values()).extracting(Life::password).doesNotHaveDuplicates();
  }

  @Test
  void aRestartPastHalfOfTheLifeServesWhatIsKeptWhileTheNextIsMinted() {
    Life world = world();
    world.one(ECR);
    world.clock.advance(Duration.ofHours(7));
    world.cloud.hang();
    world.restart();
    var situation = world.oneInHaste(ECR);
    assertThat(password(situation)).isEqualTo("token-1");
    assertThat(world.cloud.asked()).hasSize(2);
    world.cloud.resume();
  }

  @Test
  void aCloudThatIsSlowDelaysNobodyAndItsAnswerIsSaidToBeLate() throws InterruptedException {
    Life world = world();
    var late = new CountDownLatch(1);
    world.process().whenLate(late::countDown);
    world.cloud.hang();
    var situation = world.oneInHaste(ECR);
    assertThat(situation.delivered()).isInstanceOf(Minted.Withheld.class);
    assertThat(late.getCount()).isOne();
    world.cloud.resume();
    assertThat(late.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(password(world.one(ECR))).isEqualTo("token-1");
    assertThat(world.cloud.asked()).hasSize(1);
  }

  @Test
  void anEndedTokenIsWithheldWithTheReasonAndSinceWhen() {
    Life world = world();
    world.one(ECR);
    Instant down = world.clock.instant().plus(Duration.ofHours(6));
    world.cloud.fail(new TokenAnswer.Denied("AccessDeniedException"));
    for (int hour = 0; hour < 13; hour++) {
      world.clock.advance(Duration.ofHours(1));
      world.advance(ECR);
    }
    assertThat(world.one(ECR).delivered())
        .isInstanceOfSatisfying(
            Minted.Withheld.class,
            withheld -> {
              assertThat(withheld.cause()).isEqualTo(Minted.Cause.DENIED);
              assertThat(withheld.reason()).contains("AccessDeniedException", down.toString());
            });
    world.cloud.fail(null);
    world.clock.advance(Duration.ofMinutes(10));
    assertThat(password(world.one(ECR))).isEqualTo("token-2");
  }

  @Test
  void honoursWhatTheCloudSaysAboutComingBack() {
    Life world = world();
    world.cloud.fail(new TokenAnswer.Unavailable("throttled", Duration.ofMinutes(20)));
    world.one(ECR);
    world.clock.advance(Duration.ofMinutes(19));
    world.one(ECR);
    assertThat(world.cloud.asked()).hasSize(1);
    assertThat(world.process().nextAt())
        .hasValue(world.clock.instant().plus(Duration.ofMinutes(1)));
    world.clock.advance(Duration.ofMinutes(1));
    world.one(ECR);
    assertThat(world.cloud.asked()).hasSize(2);
  }

  @Test
  void isNotKeptWaitingUntilTheTokenEnds() {
    Life world = new Life(directory, Duration.ofHours(1));
    world.one(ECR);
    world.clock.advance(Duration.ofMinutes(30));
    world.cloud.fail(new TokenAnswer.Unavailable("throttled", Duration.ofHours(1)));
    world.one(ECR);
    assertThat(world.cloud.asked()).hasSize(2);
    // A quarter of the half hour that is left.
    world.clock.advance(Duration.ofMinutes(8));
    world.one(ECR);
    assertThat(world.cloud.asked()).hasSize(3);
  }

  @Test
  void saysWhenSomethingIsDueNext() {
    Life world = world();
    Instant now = world.clock.instant();
    world.one(ECR);
    assertThat(world.process().nextAt())
        .hasValueSatisfying(
            at ->
                assertThat(at)
                    .isBetween(
                        now.plus(LIFE.multipliedBy(2).dividedBy(5)), now.plus(LIFE.dividedBy(2))));
  }

  @Test
  void previewMintsAndProbesNothingAndUsesWhatIsKept() {
    Life world = world();
    assertThat(world.preview(ECR).delivered()).isInstanceOf(Minted.Withheld.class);
    world.one(ECR);
    world.restart();
    assertThat(password(world.preview(ECR))).isEqualTo("token-1");
    assertThat(world.cloud.asked()).hasSize(1);
    assertThat(world.registry.asked()).hasSize(1);
  }

  @Test
  void keepsTokensForItsOwnUserAloneAndForgetsThoseNobodyDeclares() throws IOException {
    Life world = world();
    world.one(ECR);
    Path file = directory.resolve("tokens.json");
    assertThat(Files.readString(file)).contains("token-1");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    world.advance();
    assertThat(Files.readString(file)).doesNotContain("token-1");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("tokens.json", "promotions.json");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{\"version\": 2, \"tokens\": []}",
        "{\"version\": 1}",
        "{\"version\": 1, \"tokens\": [{\"identity\": 3}]}",
        "{\"version\": 1, \"tokens\": [{\"identity\": \"x\", \"issuedAt\": \"yesterday\"}]}",
      })
  void aFileThatIsNotOneOfOursCountsAsNone(String content) throws IOException {
    Files.writeString(directory.resolve("tokens.json"), content);
    Files.writeString(directory.resolve("promotions.json"), content);
    Life world = world();
    assertThat(password(world.one(ECR))).isEqualTo("token-1");
    world.restart();
    assertThat(password(world.one(ECR))).isEqualTo("token-1");
    assertThat(world.cloud.asked()).hasSize(1);
  }

  @Test
  void whatWasIssuedInTheFutureIsDroppedBecauseTheClockWasMoved() {
    Life world = world();
    world.clock.advance(Duration.ofDays(1));
    world.one(ECR);
    world.clock.advance(Duration.ofDays(-1));
    world.restart();
    assertThat(password(world.one(ECR))).isEqualTo("token-2");
  }

  @Test
  void aDefectOfAProviderIsOneFailedAttempt() {
    var clock = world().clock;
    var life =
        new CredentialLife(
            _ -> {
              throw new IllegalStateException("must not end the round");
            },
            world().registry,
            directory,
            new Timing(clock, clock::nanos, new Random(1)));
    Await.until(
        Life.PATIENCE,
        () ->
            assertThat(life.advance(List.of(ECR), Life.PATIENCE).get("ecr-eu"))
                .extracting(RegistrySituation::delivered)
                .isInstanceOf(Minted.Withheld.class));
  }
}
