package dev.tidewaiter.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.secrets.ComposedSecretResolver;
import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.secrets.file.FileSecretResolver;
import dev.tidewaiter.testbed.FaultyProxy;
import dev.tidewaiter.testbed.RabbitMqStandIn;
import dev.tidewaiter.testbed.VaultServer;
import dev.tidewaiter.testing.Await;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A real Vault that creates, lends and deletes users of a broker, behind a proxy that counts and
/// fails.
record Lender(VaultServer vault, RabbitMqStandIn broker, Surroundings with, FaultyProxy proxy)
    implements AutoCloseable {
  static final String READ = "GET /v1/rabbit/creds/pull";
  static final String RENEWAL = "sys/leases/renew";
  static final String REVOCATION = "sys/leases/revoke";

  /// The least that the daemon needs.
  private static final String POLICY =
      """
      path "+/creds/pull" { capabilities = ["read"] }
      path "secret/data/shop/*" { capabilities = ["read"] }
      path "sys/leases/renew" { capabilities = ["update"] }
      path "sys/leases/lookup" { capabilities = ["update"] }
      path "sys/leases/revoke" { capabilities = ["update"] }
      """;

  /// A user that was lent.
  record User(String name, String password, Issuance lease) {
    String identity() {
      return lease.identity();
    }
  }

  /// A Vault for [#at], one after the other.
  static VaultServer startVault(Path logs) {
    VaultServer vault = VaultServer.start(logs);
    vault.policy("lend", POLICY);
    vault.policy("no-revocation", POLICY.replaceFirst("path \"sys/leases/revoke\".*", ""));
    vault.writeKv2("secret/shop/quay", Map.of("password", Canary.VALUE));
    return vault;
  }

  /// Lends for one hour, and for 24 at most.
  static Lender at(VaultServer vault, Path directory) {
    RabbitMqStandIn broker = RabbitMqStandIn.start();
    vault.mountRabbitMq("rabbit", broker, "1h", "24h");
    FaultyProxy proxy = FaultyProxy.before("127.0.0.1", vault.port());
    return new Lender(vault, broker, new Surroundings(directory), proxy);
  }

  VaultSecretResolver resolver() {
    return resolver("lend", Map.of("token_ttl", "24h"));
  }

  VaultSecretResolver resolver(String policy, Map<String, ?> fields) {
    // A role of its own for each set of fields: writing one leaves what is not named.
    String role = policy + "-" + Integer.toHexString(fields.hashCode());
    return with.resolver(address(), login(role, policy, fields));
  }

  VaultSettings.Login login(String name, String policy, Map<String, ?> fields) {
    var role = vault.appRole("approle", name, policy, fields);
    return with.appRole("approle", role.roleId(), role.secretId());
  }

  /// What a round is lent.
  User user(VaultSecretResolver resolver) {
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
  void promote(VaultSecretResolver resolver, User user) {
    new ComposedSecretResolver(resolver, new FileSecretResolver(List.of()))
        .promoted(Map.of(name(), user.identity(), password(), user.identity()));
  }

  /// The time that resolvers see, not Vault's own.
  void putForward(Duration time) {
    with.putForward(time);
  }

  void limitTo(String maxTtl) {
    vault.write("rabbit/config/lease", Map.of("ttl", "1h", "max_ttl", maxTtl));
  }

  /// Whether the broker lets somebody in as this user.
  boolean knows(User user) {
    return broker.knows(user.name(), user.password());
  }

  void awaitGone(User user) {
    Await.untilTrue(Duration.ofSeconds(20), "Vault deletes the user", () -> !knows(user));
  }

  static SecretReference name() {
    return Surroundings.reference("rabbit/creds/pull", "username");
  }

  static SecretReference password() {
    return Surroundings.reference("rabbit/creds/pull", "password");
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + proxy.port());
  }

  @Override
  public void close() {
    with.close();
    proxy.close();
    broker.repair();
    vault.unmount("rabbit");
    broker.close();
  }
}
