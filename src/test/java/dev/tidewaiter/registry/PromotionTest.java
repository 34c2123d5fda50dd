package dev.tidewaiter.registry;

import static dev.tidewaiter.registry.Life.basic;
import static dev.tidewaiter.registry.Life.ecr;
import static dev.tidewaiter.registry.Life.image;
import static dev.tidewaiter.registry.Life.leased;
import static dev.tidewaiter.registry.Life.password;
import static dev.tidewaiter.registry.Life.withheld;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.model.Minted;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.registry.RegistrySituation.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A new credential beside the one that serves, in one process and across several.
class PromotionTest {
  private static final Duration LIFE = Duration.ofHours(12);
  private static final String IMAGE = "quay.io/acme/base:1";

  private final Path directory;
  private final Life world;

  PromotionTest(@TempDir Path directory) {
    this.directory = directory;
    this.world = new Life(directory, LIFE);
  }

  @Test
  void aRefusedOneNeverReplacesTheOneThatServesUntilTheRegistryTakesIt() {
    world.one(basic("old"));
    world.registry.refuse("new");
    var refused = world.one(basic("new"));
    assertThat(password(refused)).isEqualTo("old");
    assertThat(refused.proof()).isEqualTo(Proof.REFUSED);
    assertThat(refused.detail()).contains("401");
    world.clock.advance(Duration.ofDays(2));
    assertThat(password(world.one(basic("new")))).isEqualTo("old");
    world.registry.accept("new");
    world.clock.advance(Duration.ofMinutes(10));
    assertThat(password(world.one(basic("new")))).isEqualTo("new");
  }

  @Test
  void aRefusedOneStaysRefusedWhenTheRegistryGoesAwayAlsoAfterARestart() {
    world.one(basic("old"));
    world.registry.refuse("new");
    world.one(basic("new"));
    world.clock.advance(Duration.ofDays(1));
    world.registry.setAway(true);
    var away = world.one(basic("new"));
    assertThat(password(away)).isEqualTo("old");
    assertThat(away.proof()).isEqualTo(Proof.REFUSED);
    world.restart();
    world.clock.advance(Duration.ofDays(1));
    assertThat(world.one(basic("new")).delivered()).isInstanceOf(Minted.Withheld.class);
    world.registry.setAway(false);
    world.registry.accept("new");
    world.clock.advance(Duration.ofMinutes(10));
    assertThat(password(world.one(basic("new")))).isEqualTo("new");
  }

  @Test
  void aSuccessorAtTheSameAddressWaitsAsANewCredentialDoes() {
    world.one(basic("old"));
    world.registry.setAway(true);
    Wanted successor = named("renamed", basic("new"));
    assertThat(world.one(successor).delivered()).isInstanceOf(Minted.Withheld.class);
    world.clock.advance(Duration.ofMinutes(10));
    assertThat(password(world.one(successor))).isEqualTo("new");
  }

  @Test
  void whatWasNotAskedIsNotTakenForUnreachable() {
    world.registry.setBusy(true);
    var busy = world.one(basic("first"));
    assertThat(busy.delivered()).isInstanceOf(Minted.Withheld.class);
    assertThat(busy.proof()).isEqualTo(Proof.WAITING);
    world.registry.setBusy(false);
    world.clock.advance(Duration.ofMinutes(1));
    assertThat(world.one(basic("first")).proof()).isEqualTo(Proof.VERIFIED);
  }

  private static Wanted named(String name, Wanted wanted) {
    return new Wanted(
        name,
        wanted.address(),
        wanted.source(),
        wanted.sourced(),
        RegistryProbe.Trust.OF_SYSTEM,
        wanted.demand(),
        wanted.images());
  }

  @Test
  void aRefusedOneIsAskedForAgainWithGrowingPauses() {
    world.one(basic("old"));
    world.registry.refuse("new");
    for (int second = 0; second < 3600; second += 10) {
      world.one(basic("new"));
      world.clock.advance(Duration.ofSeconds(10));
    }
    // After at most 1, 2, 4, 8 and then 10 minutes, less a quarter at most.
    assertThat(world.registry.asked()).hasSizeBetween(1 + 7, 1 + 11);
  }

  @Test
  void withoutAnyBeforeARefusedOneIsWithheld() {
    world.registry.refuse("new");
    assertThat(world.one(basic("new")).delivered())
        .isInstanceOfSatisfying(
            Minted.Withheld.class,
            withheld -> {
              assertThat(withheld.cause()).isEqualTo(Minted.Cause.DENIED);
              assertThat(withheld.reason()).contains("quay.io", "401").doesNotContain("new");
            });
  }

  @Test
  void waitsTenMinutesForARegistryThatCannotBeAsked() {
    world.one(basic("old"));
    world.registry.setAway(true);
    var waiting = world.one(basic("new"));
    assertThat(password(waiting)).isEqualTo("old");
    assertThat(waiting.proof()).isEqualTo(Proof.WAITING);
    assertThat(waiting.waitsUntil()).isEqualTo(world.clock.instant().plus(Duration.ofMinutes(10)));
    world.clock.advance(Duration.ofSeconds(599));
    assertThat(password(world.one(basic("new")))).isEqualTo("old");
    world.clock.advance(Duration.ofSeconds(1));
    var promoted = world.one(basic("new"));
    assertThat(password(promoted)).isEqualTo("new");
    assertThat(promoted.proof()).isEqualTo(Proof.UNVERIFIED);
    world.registry.setAway(false);
    world.clock.advance(Duration.ofMinutes(5));
    assertThat(world.one(basic("new")).proof()).isEqualTo(Proof.VERIFIED);
  }

  @Test
  void requiredWaitsForEver() {
    world.one(basic("old"));
    world.registry.setAway(true);
    for (int day = 0; day < 3; day++) {
      assertThat(password(world.one(basic("new", Demand.REQUIRED)))).isEqualTo("old");
      world.clock.advance(Duration.ofDays(1));
    }
  }

  @Test
  void withoutAnyBeforeAnUnprovenOneServesAtOnceUnlessProofIsRequired() {
    world.registry.setAway(true);
    assertThat(world.one(basic("first", Demand.REQUIRED)).delivered())
        .isInstanceOf(Minted.Withheld.class);
    var situation = world.one(basic("first"));
    assertThat(password(situation)).isEqualTo("first");
    assertThat(situation.proof()).isEqualTo(Proof.UNVERIFIED);
  }

  @Test
  void neverAsksNobody() {
    world.one(basic("old", Demand.NEVER));
    assertThat(password(world.one(basic("new", Demand.NEVER, image(IMAGE))))).isEqualTo("new");
    assertThat(world.registry.asked()).isEmpty();
  }

  @Test
  void anUnchangedOneIsNotProbedAgainAlsoAfterARestart() {
    for (int i = 0; i < 3; i++) {
      assertThat(world.one(basic("old")).proof()).isEqualTo(Proof.VERIFIED);
      world.clock.advance(Duration.ofDays(1));
      world.restart();
    }
    assertThat(world.registry.asked()).containsExactly("quay.io old");
  }

  @Test
  void afterARestartADifferentOneWaitsThoughTheOlderIsNotKnown() {
    world.one(basic("old"));
    world.registry.setAway(true);
    for (int i = 0; i < 5; i++) {
      world.restart();
      assertThat(world.one(basic("new")).delivered()).isInstanceOf(Minted.Withheld.class);
      world.clock.advance(Duration.ofMinutes(2));
    }
    world.restart();
    assertThat(password(world.one(basic("new")))).isEqualTo("new");
  }

  @Test
  void theOlderOneServesAgainIfItIsDeclaredAgain() {
    world.one(basic("old"));
    world.registry.refuse("new");
    world.one(basic("new"));
    world.restart();
    assertThat(world.one(basic("new")).delivered()).isInstanceOf(Minted.Withheld.class);
    assertThat(password(world.one(basic("old")))).isEqualTo("old");
  }

  @Test
  void aMissingImageHoldsANewOneButNotAFreshTokenOfTheSameIdentity() {
    Wanted old = basic("old", Demand.WHEN_REACHABLE, image(IMAGE));
    Wanted next = basic("new", Demand.WHEN_REACHABLE, image(IMAGE));
    world.one(old);
    world.registry.setMissing(IMAGE, true);
    var held = world.one(next);
    assertThat(password(held)).isEqualTo("old");
    assertThat(held.missing()).containsOnlyKeys(image(IMAGE));
    world.registry.setMissing(IMAGE, false);
    world.clock.advance(Duration.ofMinutes(1));
    assertThat(password(world.one(next))).isEqualTo("new");

    String inEcr = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/base:1";
    Wanted token = withImage(ecr("ecr", "111122223333"), inEcr);
    world.registry.setMissing(inEcr, true);
    var first = world.one(token);
    assertThat(password(first)).isEqualTo("token-1");
    assertThat(first.missing()).hasSize(1);
    world.clock.advance(Duration.ofHours(6));
    assertThat(password(world.one(token))).isEqualTo("token-2");
  }

  private static Wanted withImage(Wanted wanted, String image) {
    return new Wanted(
        wanted.name(),
        wanted.address(),
        wanted.source(),
        wanted.sourced(),
        RegistryProbe.Trust.OF_SYSTEM,
        wanted.demand(),
        Set.of(image(image)));
  }

  @Test
  void theLastPromotedServesWhileTheStoreIsAwayIfItIsStillTheOneDeclared() {
    world.one(basic("old"));
    var away = world.one(withheld("secret/quay", "Vault is sealed"));
    assertThat(password(away)).isEqualTo("old");
    assertThat(away.proof()).isEqualTo(Proof.UNKNOWN);
    assertThat(away.detail()).contains("sealed");
    assertThat(world.one(withheld("secret/another", "Vault is sealed")).delivered())
        .isInstanceOf(Minted.Withheld.class);
    world.restart();
    assertThat(world.one(withheld("secret/quay", "Vault is sealed")).delivered())
        .isInstanceOf(Minted.Withheld.class);
  }

  @Test
  void theOneOfOtherReferencesStaysWhereItIsAndGoesNowhereElse() {
    world.one(basic("old"));
    world.registry.refuse("new");
    Wanted moved = withSource(basic("new"), "secret/bound-to-another-environment");
    assertThat(world.one(moved).delivered()).isInstanceOf(Minted.Withheld.class);
    assertThat(password(world.one(basic("old")))).isEqualTo("old");
  }

  @Test
  void aNameThatWasGivenToAnotherAddressIsAnotherRegistry() {
    world.one(basic("old"));
    world.registry.refuse("new");
    Wanted before = basic("new");
    var elsewhere =
        new Wanted(
            before.name(),
            new RegistryAddress("elsewhere.example"),
            before.source(),
            before.sourced(),
            RegistryProbe.Trust.OF_SYSTEM,
            before.demand(),
            before.images());
    assertThat(world.one(elsewhere).delivered()).isInstanceOf(Minted.Withheld.class);
  }

  private static Wanted withSource(Wanted wanted, String path) {
    return new Wanted(
        wanted.name(),
        wanted.address(),
        withheld(path, "").source(),
        wanted.sourced(),
        RegistryProbe.Trust.OF_SYSTEM,
        wanted.demand(),
        wanted.images());
  }

  @Test
  void aKeptTokenServesAfterARestartThoughItsKeysAreNotKnown() {
    Wanted token = ecr("ecr", "111122223333");
    world.one(token);
    world.restart();
    var noKeys =
        new Wanted(
            token.name(),
            token.address(),
            token.source(),
            new Sourced.Settled(new Minted.Withheld(Minted.Cause.UNAVAILABLE, "sealed")),
            RegistryProbe.Trust.OF_SYSTEM,
            token.demand(),
            token.images());
    assertThat(password(world.one(noKeys))).isEqualTo("token-1");
    world.clock.advance(LIFE);
    assertThat(world.one(noKeys).delivered()).isInstanceOf(Minted.Withheld.class);
  }

  @Test
  void anEndedLeaseServesNobodyAndARenewedOneIsNotProbedAgain() {
    var now = world.clock.instant();
    var lease = new Issuance("vault/quay", now, now.plus(Duration.ofHours(1)));
    var renewed = new Issuance("vault/quay", now, now.plus(Duration.ofHours(2)));
    world.one(leased("dynamic", lease));
    assertThat(Life.issuance(world.one(leased("dynamic", renewed)))).isEqualTo(renewed);
    assertThat(world.registry.asked()).hasSize(1);
    world.clock.advance(Duration.ofHours(2));
    assertThat(world.one(leased("dynamic", renewed)).delivered())
        .isInstanceOf(Minted.Withheld.class);
  }

  @Test
  void anOlderOneThatHasEndedHoldsNothingBack() {
    var now = world.clock.instant();
    world.one(leased("old", new Issuance("vault/a", now, now.plus(Duration.ofMinutes(30)))));
    world.registry.setAway(true);
    world.clock.advance(Duration.ofMinutes(29));
    var next = new Issuance("vault/b", now, now.plus(Duration.ofHours(5)));
    assertThat(password(world.one(leased("new", next)))).isEqualTo("old");
    world.clock.advance(Duration.ofMinutes(1));
    assertThat(password(world.one(leased("new", next)))).isEqualTo("new");
  }

  @Test
  void aRegistryThatHangsIsNotWaitedForAndHoldsTheNewOneBack() {
    world.one(basic("old"));
    world.registry.hangFor("quay.io");
    assertThat(password(world.oneInHaste(basic("new")))).isEqualTo("old");
    world.registry.resume();
  }

  @ParameterizedTest
  @ValueSource(strings = {"old-canary", "new-canary", "puller"})
  void keepsNoCredentialOnDisk(String canary) throws IOException {
    world.one(basic("old-canary"));
    world.registry.setAway(true);
    world.one(basic("new-canary"));
    Path file = directory.resolve("promotions.json");
    assertThat(Files.readString(file)).contains("waiting", "promoted").doesNotContain(canary);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void forgetsARegistryThatNobodyDeclares() throws IOException {
    world.one(basic("old"));
    world.advance();
    assertThat(Files.readString(directory.resolve("promotions.json"))).doesNotContain(Life.QUAY);
  }
}
