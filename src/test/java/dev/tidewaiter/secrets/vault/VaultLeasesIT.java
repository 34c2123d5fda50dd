package dev.tidewaiter.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.secrets.vault.Lender.User;
import dev.tidewaiter.testbed.FaultyProxy.Fault;
import dev.tidewaiter.testbed.VaultServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What the real Vault lends: for how long it is good, and who reads it when.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VaultLeasesIT {
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
  void readsAPathOnceForBothKeysAndForManyRounds() {
    var resolver = lender.resolver();
    User first = lender.user(resolver);
    assertThat(lender.knows(first)).isTrue();
    for (int round = 0; round < 5; round++) {
      assertThat(lender.user(resolver)).isEqualTo(first);
      lender.putForward(Duration.ofMinutes(5));
    }
    assertThat(lender.proxy().count(Lender.READ)).isEqualTo(1);
    assertThat(lender.proxy().count(Lender.RENEWAL)).isZero();
  }

  @Test
  void saysFromWhenToWhenItIsGood() {
    User user = lender.user(lender.resolver());
    assertThat(user.lease().life()).isEqualTo(Duration.ofHours(1));
    assertThat(user.lease().issuedAt())
        .isBetween(lender.with().instant().minusSeconds(30), lender.with().instant());
    assertThat(user.identity()).startsWith("vault/rabbit/creds/pull@");
  }

  @Test
  void renewsAtHalfOfTheLifeAndKeepsThePassword() {
    var resolver = lender.resolver();
    User first = lender.user(resolver);
    lender.putForward(Duration.ofMinutes(31));
    User renewed = lender.user(resolver);
    assertThat(renewed.password()).isEqualTo(first.password());
    assertThat(renewed.identity()).isEqualTo(first.identity());
    assertThat(renewed.lease().expiresAt())
        .isAfter(first.lease().expiresAt().plus(Duration.ofMinutes(30)));
    assertThat(lender.user(resolver)).isEqualTo(renewed);
    assertThat(lender.proxy().count(Lender.READ)).isEqualTo(1);
    assertThat(lender.proxy().count(Lender.RENEWAL)).isEqualTo(1);
  }

  @Test
  void keepsWhatItWasLentWhileVaultIsDownUntilItsOwnEnd() {
    var resolver = lender.resolver();
    User first = lender.user(resolver);
    lender.proxy().become(new Fault.Cut(_ -> true));
    lender.putForward(Duration.ofMinutes(40));
    assertThat(lender.user(resolver)).isEqualTo(first);
    lender.putForward(Duration.ofMinutes(18));
    assertThat(lender.user(resolver)).isEqualTo(first);
    assertThat(lender.with().canary.logged("vault lease due, but not prolonged or replaced"))
        .isEqualTo(1);

    lender.putForward(Duration.ofMinutes(3));
    assertThat(lender.with().lookUp(resolver, Lender.name(), Lender.password()).values())
        .allSatisfy(lookup -> assertThat(lookup).isInstanceOf(SecretLookup.Unavailable.class));

    lender.proxy().become(new Fault.None());
    lender.with().waitOutBackoff();
    assertThat(lender.user(resolver).password()).isNotEqualTo(first.password());
  }

  @Test
  void keepsTheOldWhileTheEngineFails() {
    var resolver = lender.resolver();
    User first = lender.user(resolver);
    lender.limitTo("30m");
    lender.putForward(Duration.ofMinutes(31));
    assertThat(lender.user(resolver).password()).isEqualTo(first.password());
    lender.broker().breakDown();
    lender.putForward(Duration.ofMinutes(16));
    assertThat(lender.user(resolver).password()).isEqualTo(first.password());
    lender.broker().repair();
    lender.with().waitOutBackoff();
    assertThat(lender.user(resolver).password()).isNotEqualTo(first.password());
  }

  @Test
  void readsAnewAfterARestartAndLeavesWhatWasDelivered() {
    var before = lender.resolver();
    User first = lender.user(before);
    before.close();
    User second = lender.user(lender.resolver());
    assertThat(second.identity()).isNotEqualTo(first.identity());
    assertThat(lender.knows(first)).isTrue();
    assertThat(lender.broker().size()).isEqualTo(2);
    assertThat(lender.proxy().count(Lender.REVOCATION)).isZero();
  }

  @Test
  void borrowsNothingForACommandThatOnlyLooks() {
    var resolver =
        lender.with().withoutLeases(lender.address(), lender.login("looks", "lend", Map.of()));
    assertThat(lender.with().lookUp(resolver, "rabbit/creds/pull", "password"))
        .isInstanceOf(SecretLookup.Unavailable.class)
        .asString()
        .contains("reads no path that yields leases");
    assertThat(lender.with().lookUp(resolver, "secret/shop/quay", "password"))
        .isInstanceOf(SecretLookup.Found.class);
    assertThat(lender.proxy().count(Lender.READ)).isZero();
    assertThat(lender.broker().size()).isZero();
  }

  @Test
  void saysWhatIsWrongWithARoleOrAVersion() {
    vault.policy("any-role", "path \"rabbit/creds/*\" { capabilities = [\"read\"] }");
    var resolver = lender.resolver("any-role", Map.of());
    assertThat(lender.with().lookUp(resolver, "rabbit/creds/no-such-role", "password"))
        .isInstanceOf(SecretLookup.Unavailable.class)
        .asString()
        .contains("Check the role");
    var pinned = Surroundings.pinned("rabbit/creds/pull", "password", 1);
    assertThat(lender.with().lookUp(resolver, pinned).get(pinned))
        .isInstanceOf(SecretLookup.Unavailable.class)
        .asString()
        .contains("Remove `version`");
    assertThat(lender.with().lookUp(resolver, "rabbit/creds/pull", "no-such-key"))
        .isInstanceOf(SecretLookup.Absent.class);
  }
}
