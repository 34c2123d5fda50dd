package dev.tidewaiter.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.testbed.FaultyProxy;
import dev.tidewaiter.testbed.FaultyProxy.Fault;
import dev.tidewaiter.testbed.VaultServer;
import dev.tidewaiter.testbed.VaultServer.AppRole;
import java.net.URI;
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

/// One login for each life of a token, with the real Vault.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VaultLoginIT {
  private static final String LOGIN = "/v1/auth/approle/login";
  private static final String RENEWAL = "/v1/auth/token/renew-self";

  @TempDir Path directory;
  private VaultServer vault;

  private Surroundings with;
  private FaultyProxy proxy;

  @BeforeAll
  void start(@TempDir Path logs) {
    vault = VaultServer.start(logs);
    vault.policy("shop", "path \"secret/data/shop/*\" { capabilities = [\"read\"] }");
    vault.writeKv2("secret/shop/quay", Map.of("password", Canary.VALUE));
  }

  @AfterAll
  void stop() {
    if (vault != null) {
      vault.close();
    }
  }

  @BeforeEach
  void resolve() {
    with = new Surroundings(directory);
    proxy = FaultyProxy.before("127.0.0.1", vault.port());
  }

  @AfterEach
  void close() {
    with.close();
    proxy.close();
  }

  @Test
  void logsInOnceForManyRounds() {
    var resolver = appRole("many", Map.of("token_ttl", "1h"));
    for (int round = 0; round < 5; round++) {
      assertFound(resolver);
    }
    assertThat(proxy.count(LOGIN)).isEqualTo(1);
    assertThat(proxy.count(RENEWAL)).isZero();
  }

  @Test
  void renewsWhenTwoThirdsOfTheLifeAreOver() {
    var resolver = appRole("renewed", Map.of("token_ttl", "1h"));
    assertFound(resolver);
    with.putForward(Duration.ofMinutes(39));
    assertFound(resolver);
    assertThat(proxy.count(RENEWAL)).isZero();

    with.putForward(Duration.ofMinutes(2));
    assertFound(resolver);
    assertFound(resolver);

    assertThat(proxy.count(RENEWAL)).isEqualTo(1);
    assertThat(proxy.count(LOGIN)).isEqualTo(1);
  }

  @Test
  void logsInAnewWhenRenewalHasMetTheGreatestLife() {
    var resolver = appRole("greatest", Map.of("token_ttl", "1h", "token_max_ttl", "61m"));
    assertFound(resolver);
    // Vault's own clock stands still, so it grants the rest of the 61 minutes again.
    for (int life = 0; life < 3; life++) {
      with.putForward(Duration.ofMinutes(62));
      assertFound(resolver);
    }
    assertThat(proxy.count(LOGIN)).isEqualTo(4);
  }

  @Test
  void logsInAnewAfterTheTokenReallyExpired() {
    var resolver = appRole("short", Map.of("token_ttl", "2s", "token_max_ttl", "2s"));
    assertFound(resolver);
    long end = System.nanoTime() + Duration.ofSeconds(6).toNanos();
    while (System.nanoTime() < end) {
      assertFound(resolver);
    }
    assertThat(proxy.count(LOGIN)).isBetween(3L, 8L);
  }

  @Test
  void logsInAnewAfterRevocationAndTriesAgain() {
    var resolver = appRole("revoked", Map.of("token_ttl", "1h"));
    assertFound(resolver);

    for (int time = 2; time <= 3; time++) {
      vault.revokeLoginsAt("approle");
      assertFound(resolver);
      assertThat(proxy.count(LOGIN)).isEqualTo(time);
      with.putForward(Duration.ofSeconds(6));
    }
  }

  @Test
  void doesNotLogInAnewBecauseAPathIsDenied() {
    var resolver = appRole("denied", Map.of("token_ttl", "1h"));
    for (int round = 0; round < 5; round++) {
      assertThat(with.lookUp(resolver, "secret/other/quay", "password"))
          .isInstanceOf(SecretLookup.Denied.class);
      with.putForward(Duration.ofSeconds(10));
    }
    assertThat(proxy.count(LOGIN)).isEqualTo(1);
  }

  @Test
  void staysOpenToATokenThatMayNotAskWhatItIs() {
    var resolver = appRole("modest", Map.of("token_ttl", "1h", "token_no_default_policy", true));
    assertFound(resolver);
    for (int round = 0; round < 5; round++) {
      assertThat(with.lookUp(resolver, "secret/other/quay", "password"))
          .isInstanceOf(SecretLookup.Denied.class);
      with.putForward(Duration.ofSeconds(1));
    }
    assertThat(proxy.count(LOGIN)).isLessThanOrEqualTo(2);
  }

  @Test
  void keepsTheTokenWhileARenewalFails() {
    var resolver = appRole("kept", Map.of("token_ttl", "1h"));
    assertFound(resolver);
    proxy.become(new Fault.Cut(text -> text.contains("renew-self")));
    with.putForward(Duration.ofMinutes(41));
    assertFound(resolver);
    assertFound(resolver);

    proxy.become(new Fault.None());
    with.waitOutBackoff();
    assertFound(resolver);
    assertThat(proxy.count(LOGIN)).isEqualTo(1);
  }

  @Test
  void isUnavailableAndDoesNotHammerWhileTheLoginIsRefused() {
    AppRole role = vault.appRole("approle", "refused", "shop", Map.of());
    var login = with.appRole("approle", role.roleId(), "no-such-id-" + Canary.VALUE);
    var resolver = with.resolver(address(), login);
    for (int round = 0; round < 5; round++) {
      assertThat(with.lookUp(resolver, "secret/shop/quay", "password"))
          .isInstanceOf(SecretLookup.Unavailable.class)
          .asString()
          .contains("refused the AppRole login");
    }
    assertThat(proxy.count(LOGIN)).isEqualTo(1);

    with.appRole("approle", role.roleId(), role.secretId());

    assertFound(resolver);
  }

  @Test
  void takesTheTokenThatANewFileHolds() {
    String first = vault.token("shop", Map.of("ttl", "1h"));
    var resolver = with.resolver(address(), with.tokenFile(first));
    assertFound(resolver);

    vault.revoke(first);
    assertThat(with.lookUp(resolver, "secret/shop/quay", "password"))
        .isInstanceOf(SecretLookup.Unavailable.class)
        .asString()
        .contains("expired or was revoked");
    assertThat(with.lookUp(resolver, "secret/shop/quay", "password"))
        .isInstanceOf(SecretLookup.Unavailable.class);

    with.tokenFile(vault.token("shop", Map.of("ttl", "1h")));
    assertFound(resolver);
  }

  @Test
  void renewsATokenOfAFile() {
    var resolver =
        with.resolver(address(), with.tokenFile(vault.token("shop", Map.of("ttl", "1h"))));
    assertFound(resolver);
    with.putForward(Duration.ofMinutes(41));
    assertFound(resolver);
    assertThat(proxy.count(RENEWAL)).isEqualTo(1);
  }

  @Test
  void saysWhichFileIsMissing() {
    var login = new VaultSettings.Login.Token(directory.resolve("no-token-here"));
    assertThat(with.lookUp(with.resolver(address(), login), "secret/shop/quay", "password"))
        .isInstanceOf(SecretLookup.Unavailable.class)
        .asString()
        .contains("no-token-here");
  }

  private VaultSecretResolver appRole(String name, Map<String, ?> fields) {
    AppRole role = vault.appRole("approle", name, "shop", fields);
    return with.resolver(address(), with.appRole("approle", role.roleId(), role.secretId()));
  }

  private void assertFound(VaultSecretResolver resolver) {
    assertThat(with.lookUp(resolver, "secret/shop/quay", "password"))
        .isInstanceOf(SecretLookup.Found.class);
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + proxy.port());
  }
}
