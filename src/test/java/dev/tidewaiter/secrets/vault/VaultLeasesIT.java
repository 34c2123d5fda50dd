package dev.tidewaiter.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.secrets.ComposedSecretResolver;
import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.secrets.file.FileSecretResolver;
import dev.tidewaiter.testbed.FaultyProxy;
import dev.tidewaiter.testbed.FaultyProxy.Fault;
import dev.tidewaiter.testbed.RabbitMqStandIn;
import dev.tidewaiter.testbed.VaultServer;
import dev.tidewaiter.testing.Await;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Users that the real Vault creates, lends, and deletes.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VaultLeasesIT {
  private static final String READ = "GET /v1/rabbit/creds/pull";
  private static final String RENEWAL = "sys/leases/renew";
  private static final String REVOCATION = "sys/leases/revoke";

  /// The least that the daemon needs.
  private static final String POLICY =
      """
      path "+/creds/pull" { capabilities = ["read"] }
      path "secret/data/shop/*" { capabilities = ["read"] }
      path "sys/leases/renew" { capabilities = ["update"] }
      path "sys/leases/lookup" { capabilities = ["update"] }
      path "sys/leases/revoke" { capabilities = ["update"] }
      """;

  @TempDir Path directory;
  private VaultServer vault;

  private RabbitMqStandIn broker;
  private Surroundings with;
  private FaultyProxy proxy;

  @BeforeAll
  void start(@TempDir Path logs) {
    vault = VaultServer.start(logs);
    vault.policy("lend", POLICY);
    vault.policy("no-revocation", POLICY.replaceFirst("path \"sys/leases/revoke\".*", ""));
    vault.writeKv2("secret/shop/quay", Map.of("password", Canary.VALUE));
  }

  @AfterAll
  void stop() {
    if (vault != null) {
      vault.close();
    }
  }

  @BeforeEach
  void lend() {
    broker = RabbitMqStandIn.start();
    vault.mountRabbitMq("rabbit", broker, "1h", "24h");
    with = new Surroundings(directory);
    proxy = FaultyProxy.before("127.0.0.1", vault.port());
  }

  @AfterEach
  void close() {
    with.close();
    proxy.close();
    broker.repair();
    vault.unmount("rabbit");
    broker.close();
  }

  /// A user that was lent.
  private record User(String name, String password, Issuance lease) {}

  @Test
  void readsAPathOnceForBothKeysAndForManyRounds() {
    var resolver = resolver();
    User first = user(resolver);
    assertThat(broker.knows(first.name(), first.password())).isTrue();
    for (int round = 0; round < 5; round++) {
      assertThat(user(resolver)).isEqualTo(first);
      with.putForward(Duration.ofMinutes(5));
    }
    assertThat(proxy.count(READ)).isEqualTo(1);
    assertThat(proxy.count(RENEWAL)).isZero();
  }

  @Test
  void saysFromWhenToWhenItIsGood() {
    User user = user(resolver());
    assertThat(user.lease().life()).isEqualTo(Duration.ofHours(1));
    assertThat(user.lease().issuedAt()).isBetween(with.instant().minusSeconds(30), with.instant());
    assertThat(user.lease().identity()).startsWith("vault/rabbit/creds/pull@");
  }

  @Test
  void renewsAtHalfOfTheLifeAndKeepsThePassword() {
    var resolver = resolver();
    User first = user(resolver);
    with.putForward(Duration.ofMinutes(31));
    User renewed = user(resolver);
    assertThat(renewed.password()).isEqualTo(first.password());
    assertThat(renewed.lease().identity()).isEqualTo(first.lease().identity());
    assertThat(renewed.lease().expiresAt())
        .isAfter(first.lease().expiresAt().plus(Duration.ofMinutes(30)));
    assertThat(user(resolver)).isEqualTo(renewed);
    assertThat(proxy.count(READ)).isEqualTo(1);
    assertThat(proxy.count(RENEWAL)).isEqualTo(1);
  }

  @Test
  void readsAnewWhenTheGreatestLifeIsMetAndRevokesTheOldOnlyAfterPromotion() {
    var resolver = resolver();
    User first = user(resolver);
    // As if most of it were over: Vault's own clock is not put forward.
    limitTo("30m");
    with.putForward(Duration.ofMinutes(31));
    User shortened = user(resolver);
    assertThat(shortened.password()).isEqualTo(first.password());
    assertThat(shortened.lease().life()).isLessThanOrEqualTo(Duration.ofMinutes(30));
    with.putForward(Duration.ofMinutes(16));
    User second = user(resolver);
    assertThat(second.password()).isNotEqualTo(first.password());
    assertThat(second.lease().identity()).isNotEqualTo(first.lease().identity());

    // Not yet the password; then the lease before, as after a round that ended in a defect.
    resolver.promoted(
        Map.of(name(), identity(second), reference("secret/shop/quay", "password"), ""));
    resolver.promoted(Map.of(password(), identity(first)));
    assertThat(proxy.count(REVOCATION)).isZero();
    assertThat(broker.knows(first.name(), first.password())).isTrue();

    resolver.promoted(Map.of(password(), identity(second)));
    awaitGone(first);
    assertThat(broker.knows(second.name(), second.password())).isTrue();
    assertThat(user(resolver)).isEqualTo(second);
  }

  @Test
  void keepsWhatItWasLentWhileVaultIsDownUntilItsOwnEnd() {
    var resolver = resolver();
    User first = user(resolver);
    proxy.become(new Fault.Cut(_ -> true));
    with.putForward(Duration.ofMinutes(40));
    assertThat(user(resolver)).isEqualTo(first);
    with.putForward(Duration.ofMinutes(18));
    assertThat(user(resolver)).isEqualTo(first);
    assertThat(with.canary.logged("vault lease due, but not prolonged or replaced")).isEqualTo(1);

    with.putForward(Duration.ofMinutes(3));
    assertThat(with.lookUp(resolver, name(), password()).values())
        .allSatisfy(lookup -> assertThat(lookup).isInstanceOf(SecretLookup.Unavailable.class));

    proxy.become(new Fault.None());
    with.waitOutBackoff();
    assertThat(user(resolver).password()).isNotEqualTo(first.password());
  }

  @Test
  void keepsTheOldWhileTheEngineFails() {
    var resolver = resolver();
    User first = user(resolver);
    limitTo("30m");
    with.putForward(Duration.ofMinutes(31));
    assertThat(user(resolver).password()).isEqualTo(first.password());
    broker.breakDown();
    with.putForward(Duration.ofMinutes(16));
    assertThat(user(resolver).password()).isEqualTo(first.password());
    broker.repair();
    with.waitOutBackoff();
    assertThat(user(resolver).password()).isNotEqualTo(first.password());
  }

  @Test
  void readsAnewAfterARestartAndLeavesWhatWasDelivered() {
    var before = resolver();
    User first = user(before);
    before.close();
    User second = user(resolver());
    assertThat(second.lease().identity()).isNotEqualTo(first.lease().identity());
    assertThat(broker.knows(first.name(), first.password())).isTrue();
    assertThat(broker.size()).isEqualTo(2);
    assertThat(proxy.count(REVOCATION)).isZero();
  }

  @Test
  void readsAnewWithinAMinuteAfterTheLoginWasRevoked() {
    var resolver = resolver();
    User first = user(resolver);
    vault.revokeLoginsAt("approle");
    awaitGone(first);
    with.putForward(Duration.ofSeconds(61));
    User second = user(resolver);
    assertThat(broker.knows(second.name(), second.password())).isTrue();
  }

  @Test
  void readsAnewWithinAMinuteAfterTheLeaseWasRevoked() {
    var resolver = resolver();
    User first = user(resolver);
    vault.revokeLeasesAt("rabbit");
    awaitGone(first);
    with.putForward(Duration.ofSeconds(61));
    User second = user(resolver);
    assertThat(broker.knows(second.name(), second.password())).isTrue();
    assertThat(proxy.count("auth/approle/login")).isEqualTo(1);
  }

  @Test
  void replacesWhatEndsWithATokenThatIsNotRenewed() {
    // Without Vault's default policy the token may not renew itself.
    var resolver = resolver("lend", Map.of("token_ttl", "30m", "token_no_default_policy", true));
    User first = user(resolver);
    with.putForward(Duration.ofMinutes(21));
    User second = user(resolver);
    assertThat(proxy.count("auth/approle/login")).isEqualTo(2);
    assertThat(second.lease().identity()).isNotEqualTo(first.lease().identity());
    assertThat(broker.knows(first.name(), first.password())).isTrue();
    promote(resolver, second);
    awaitGone(first);
  }

  @Test
  void endsWithTheTokenThatItWasLentTo() {
    String token = vault.token("lend", Map.of("ttl", "30m", "renewable", false));
    var resolver = with.resolver(address(), with.tokenFile(token));
    User user = user(resolver);
    assertThat(user.lease().life())
        .isBetween(Duration.ofMinutes(29), Duration.ofMinutes(30).plusSeconds(1));
    proxy.become(new Fault.Cut(_ -> true));
    with.putForward(Duration.ofMinutes(29));
    assertThat(user(resolver)).isEqualTo(user);
    with.putForward(Duration.ofMinutes(2));
    assertThat(with.lookUp(resolver, name()).values())
        .allSatisfy(lookup -> assertThat(lookup).isInstanceOf(SecretLookup.Unavailable.class));
  }

  @Test
  void knowsThatWhatWasLentToARevokedTokenIsGone() {
    String token = vault.token("lend", Map.of("ttl", "1h"));
    var resolver = with.resolver(address(), with.tokenFile(token));
    User first = user(resolver);
    vault.revoke(token);
    awaitGone(first);
    with.putForward(Duration.ofSeconds(61));
    assertThat(with.lookUp(resolver, name()).values())
        .allSatisfy(
            lookup ->
                assertThat(lookup)
                    .isInstanceOf(SecretLookup.Unavailable.class)
                    .asString()
                    .contains("expired or was revoked"));

    with.tokenFile(vault.token("lend", Map.of("ttl", "1h")));
    User second = user(resolver);
    assertThat(broker.knows(second.name(), second.password())).isTrue();
  }

  @Test
  void triesARevocationAgainAndSaysOnceWhatItMayNotRevoke() {
    var resolver = resolver("lend", Map.of("token_ttl", "30m", "token_no_default_policy", true));
    User first = user(resolver);
    with.putForward(Duration.ofMinutes(21));
    User second = user(resolver);
    proxy.become(new Fault.Cut(text -> text.contains(REVOCATION)));
    promote(resolver, second);
    assertThat(broker.knows(first.name(), first.password())).isTrue();
    proxy.become(new Fault.None());
    with.waitOutBackoff();
    assertThat(user(resolver)).isEqualTo(second);
    awaitGone(first);

    var modest =
        resolver("no-revocation", Map.of("token_ttl", "30m", "token_no_default_policy", true));
    User third = user(modest);
    with.putForward(Duration.ofMinutes(21));
    User fourth = user(modest);
    assertThat(fourth).isNotEqualTo(third);
    for (int round = 0; round < 3; round++) {
      promote(modest, fourth);
      with.waitOutBackoff();
    }
    assertThat(with.canary.logged("vault lease not revoked, it ends by itself")).isEqualTo(1);
    assertThat(broker.knows(third.name(), third.password())).isTrue();
  }

  @Test
  void borrowsNothingForACommandThatOnlyLooks() {
    var resolver = with.withoutLeases(address(), login("looks", "lend", Map.of()));
    assertThat(with.lookUp(resolver, "rabbit/creds/pull", "password"))
        .isInstanceOf(SecretLookup.Unavailable.class)
        .asString()
        .contains("reads no path that yields leases");
    assertThat(with.lookUp(resolver, "secret/shop/quay", "password"))
        .isInstanceOf(SecretLookup.Found.class);
    assertThat(proxy.count(READ)).isZero();
    assertThat(broker.size()).isZero();
  }

  @Test
  void saysWhatIsWrongWithARoleOrAVersion() {
    vault.policy("any-role", "path \"rabbit/creds/*\" { capabilities = [\"read\"] }");
    var resolver = resolver("any-role", Map.of());
    assertThat(with.lookUp(resolver, "rabbit/creds/no-such-role", "password"))
        .isInstanceOf(SecretLookup.Unavailable.class)
        .asString()
        .contains("Check the role");
    var pinned = Surroundings.pinned("rabbit/creds/pull", "password", 1);
    assertThat(with.lookUp(resolver, pinned).get(pinned))
        .isInstanceOf(SecretLookup.Unavailable.class)
        .asString()
        .contains("Remove `version`");
    assertThat(with.lookUp(resolver, "rabbit/creds/pull", "no-such-key"))
        .isInstanceOf(SecretLookup.Absent.class);
  }

  /// On Vault's own clock, with leases of four seconds that live for ten at most.
  @Test
  void neverGivesAUserThatVaultHasDeleted() {
    vault.write("rabbit/config/lease", Map.of("ttl", "4s", "max_ttl", "10s"));
    var resolver = resolver();
    Map<String, String> given = new HashMap<>();
    long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    while (System.nanoTime() < end) {
      User user = user(resolver);
      assertThat(broker.knows(user.name(), user.password())).as(user.name()).isTrue();
      given.put(user.name(), user.password());
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    assertThat(given).hasSizeBetween(2, 4);
    assertThat(proxy.count(READ)).isEqualTo(given.size());
  }

  private VaultSecretResolver resolver() {
    return resolver("lend", Map.of("token_ttl", "24h"));
  }

  private VaultSecretResolver resolver(String policy, Map<String, ?> fields) {
    // A role of its own for each set of fields: writing one leaves what is not named.
    String role = policy + "-" + Integer.toHexString(fields.hashCode());
    return with.resolver(address(), login(role, policy, fields));
  }

  private VaultSettings.Login login(String name, String policy, Map<String, ?> fields) {
    var role = vault.appRole("approle", name, policy, fields);
    return with.appRole("approle", role.roleId(), role.secretId());
  }

  private User user(VaultSecretResolver resolver) {
    var lookups = with.lookUp(resolver, name(), password());
    assertThat(lookups.values())
        .allSatisfy(lookup -> assertThat(lookup).isInstanceOf(SecretLookup.Found.class));
    var name = (SecretLookup.Found) lookups.get(name());
    var password = (SecretLookup.Found) lookups.get(password());
    if (name == null || password == null || password.lease() == null) {
      throw new AssertionError("nothing was lent");
    }
    assertThat(name.lease()).isEqualTo(password.lease());
    return new User(
        name.secret().reveal(), with.canary.guard(password.secret().reveal()), password.lease());
  }

  /// As a round does it, which knows Vault and files as one.
  private static void promote(VaultSecretResolver resolver, User user) {
    new ComposedSecretResolver(resolver, new FileSecretResolver(List.of()))
        .promoted(Map.of(name(), identity(user), password(), identity(user)));
  }

  private static String identity(User user) {
    return user.lease().identity();
  }

  private void limitTo(String maxTtl) {
    vault.write("rabbit/config/lease", Map.of("ttl", "1h", "max_ttl", maxTtl));
  }

  private void awaitGone(User user) {
    Await.untilTrue(
        Duration.ofSeconds(20),
        "Vault deletes the user",
        () -> !broker.knows(user.name(), user.password()));
  }

  private static SecretReference name() {
    return reference("rabbit/creds/pull", "username");
  }

  private static SecretReference password() {
    return reference("rabbit/creds/pull", "password");
  }

  private static SecretReference reference(String path, String key) {
    return Surroundings.reference(path, key);
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + proxy.port());
  }
}
