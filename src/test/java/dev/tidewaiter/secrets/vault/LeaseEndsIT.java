package dev.tidewaiter.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.secrets.vault.Lender.User;
import dev.tidewaiter.testbed.FaultyProxy.Fault;
import dev.tidewaiter.testbed.VaultServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// How what the real Vault lent ends: with its login, by a revocation, at its greatest life.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeaseEndsIT {
  @TempDir Path directory;
  private VaultServer vault;
  private Lender lender;

  @BeforeAll
  void start(@TempDir Path logs) {
    vault = Lender.startVault(logs);
  }

  @AfterAll
  void stop() {
    if (vault != null) {
      vault.close();
    }
  }

  @BeforeEach
  void lend() {
    lender = Lender.at(vault, directory);
  }

  @AfterEach
  void close() {
    lender.close();
  }

  @Test
  void readsAnewWhenTheGreatestLifeIsMetAndRevokesTheOldOnlyAfterPromotion() {
    var resolver = lender.resolver();
    User first = lender.user(resolver);
    // As if most of it were over: Vault's own clock is not put forward.
    lender.limitTo("30m");
    lender.putForward(Duration.ofMinutes(31));
    User shortened = lender.user(resolver);
    assertThat(shortened.password()).isEqualTo(first.password());
    assertThat(shortened.lease().life()).isLessThanOrEqualTo(Duration.ofMinutes(30));
    lender.putForward(Duration.ofMinutes(16));
    User second = lender.user(resolver);
    assertThat(second.password()).isNotEqualTo(first.password());
    assertThat(second.identity()).isNotEqualTo(first.identity());

    // Not yet the password; then the lease before, as after a round that ended in a defect.
    resolver.promoted(
        Map.of(
            Lender.name(),
            second.identity(),
            Surroundings.reference("secret/shop/quay", "password"),
            ""));
    resolver.promoted(Map.of(Lender.password(), first.identity()));
    assertThat(lender.proxy().count(Lender.REVOCATION)).isZero();
    assertThat(lender.knows(first)).isTrue();

    resolver.promoted(Map.of(Lender.password(), second.identity()));
    lender.awaitGone(first);
    assertThat(lender.knows(second)).isTrue();
    assertThat(lender.user(resolver)).isEqualTo(second);
  }

  @Test
  void readsAnewWithinAMinuteAfterTheLoginWasRevoked() {
    var resolver = lender.resolver();
    User first = lender.user(resolver);
    vault.revokeLoginsAt("approle");
    lender.awaitGone(first);
    lender.putForward(Duration.ofSeconds(61));
    User second = lender.user(resolver);
    assertThat(lender.knows(second)).isTrue();
  }

  @Test
  void readsAnewWithinAMinuteAfterTheLeaseWasRevoked() {
    var resolver = lender.resolver();
    User first = lender.user(resolver);
    vault.revokeLeasesAt("rabbit");
    lender.awaitGone(first);
    lender.putForward(Duration.ofSeconds(61));
    User second = lender.user(resolver);
    assertThat(lender.knows(second)).isTrue();
    assertThat(lender.proxy().count("auth/approle/login")).isEqualTo(1);
  }

  @Test
  void replacesWhatEndsWithATokenThatIsNotRenewed() {
    // Without Vault's default policy the token may not renew itself.
    var resolver =
        lender.resolver("lend", Map.of("token_ttl", "30m", "token_no_default_policy", true));
    User first = lender.user(resolver);
    lender.putForward(Duration.ofMinutes(21));
    User second = lender.user(resolver);
    assertThat(lender.proxy().count("auth/approle/login")).isEqualTo(2);
    assertThat(second.identity()).isNotEqualTo(first.identity());
    assertThat(lender.knows(first)).isTrue();
    lender.promote(resolver, second);
    lender.awaitGone(first);
  }

  @Test
  void endsWithTheTokenThatItWasLentTo() {
    String token = vault.token("lend", Map.of("ttl", "30m", "renewable", false));
    var resolver = lender.with().resolver(lender.address(), lender.with().tokenFile(token));
    User user = lender.user(resolver);
    assertThat(user.lease().life())
        .isBetween(Duration.ofMinutes(29), Duration.ofMinutes(30).plusSeconds(1));
    lender.proxy().become(new Fault.Cut(_ -> true));
    lender.putForward(Duration.ofMinutes(29));
    assertThat(lender.user(resolver)).isEqualTo(user);
    lender.putForward(Duration.ofMinutes(2));
    assertThat(lender.with().lookUp(resolver, Lender.name()).values())
        .allSatisfy(lookup -> assertThat(lookup).isInstanceOf(SecretLookup.Unavailable.class));
  }

  @Test
  void knowsThatWhatWasLentToARevokedTokenIsGone() {
    String token = vault.token("lend", Map.of("ttl", "1h"));
    var resolver = lender.with().resolver(lender.address(), lender.with().tokenFile(token));
    User first = lender.user(resolver);
    vault.revoke(token);
    lender.awaitGone(first);
    lender.putForward(Duration.ofSeconds(61));
    assertThat(lender.with().lookUp(resolver, Lender.name()).values())
        .allSatisfy(
            lookup ->
                assertThat(lookup)
                    .isInstanceOf(SecretLookup.Unavailable.class)
                    .asString()
                    .contains("expired or was revoked"));

    lender.with().tokenFile(vault.token("lend", Map.of("ttl", "1h")));
    User second = lender.user(resolver);
    assertThat(lender.knows(second)).isTrue();
  }

  @Test
  void triesARevocationAgainAndSaysOnceWhatItMayNotRevoke() {
    var resolver =
        lender.resolver("lend", Map.of("token_ttl", "30m", "token_no_default_policy", true));
    User first = lender.user(resolver);
    lender.putForward(Duration.ofMinutes(21));
    User second = lender.user(resolver);
    lender.proxy().become(new Fault.Cut(text -> text.contains(Lender.REVOCATION)));
    lender.promote(resolver, second);
    assertThat(lender.knows(first)).isTrue();
    lender.proxy().become(new Fault.None());
    lender.with().waitOutBackoff();
    assertThat(lender.user(resolver)).isEqualTo(second);
    lender.awaitGone(first);

    var modest =
        lender.resolver(
            "no-revocation", Map.of("token_ttl", "30m", "token_no_default_policy", true));
    User third = lender.user(modest);
    lender.putForward(Duration.ofMinutes(21));
    User fourth = lender.user(modest);
    assertThat(fourth).isNotEqualTo(third);
    for (int round = 0; round < 3; round++) {
      lender.promote(modest, fourth);
      lender.with().waitOutBackoff();
    }
    assertThat(lender.with().canary.logged("vault lease not revoked, it ends by itself"))
        .isEqualTo(1);
    assertThat(lender.knows(third)).isTrue();
  }

  /// On Vault's own clock, with leases of four seconds that live for ten at most.
  @Test
  void neverGivesAUserThatVaultHasDeleted() {
    vault.write("rabbit/config/lease", Map.of("ttl", "4s", "max_ttl", "10s"));
    var resolver = lender.resolver();
    Map<String, String> given = new HashMap<>();
    long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    while (System.nanoTime() < end) {
      User user = lender.user(resolver);
      assertThat(lender.knows(user)).as(user.name()).isTrue();
      given.put(user.name(), user.password());
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    assertThat(given).hasSizeBetween(2, 4);
    assertThat(lender.proxy().count(Lender.READ)).isEqualTo(given.size());
  }
}
