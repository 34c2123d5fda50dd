package dev.tidewaiter.secrets.vault;

import static dev.tidewaiter.secrets.vault.Surroundings.pinned;
import static dev.tidewaiter.secrets.vault.Surroundings.reference;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.HttpProxy;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.testbed.ConnectProxy;
import dev.tidewaiter.testbed.FaultyProxy;
import dev.tidewaiter.testbed.FaultyProxy.Fault;
import dev.tidewaiter.testbed.HttpsFront;
import dev.tidewaiter.testbed.TestCertificates;
import dev.tidewaiter.testbed.VaultServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What the real Vault says, told apart.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VaultSecretResolverIT {
  private static final String POLICY =
      """
      path "secret/data/shop/*" { capabilities = ["read"] }
      path "kv1/shop/*" { capabilities = ["read"] }
      path "changing/*" { capabilities = ["read"] }
      path "gone/*" { capabilities = ["read"] }
      """;

  @TempDir Path directory;
  private VaultServer vault;

  private Surroundings with;
  private FaultyProxy proxy;
  private String token;
  private VaultSecretResolver resolver;

  @BeforeAll
  void start(@TempDir Path logs) {
    vault = VaultServer.start(logs);
    vault.policy("shop", POLICY);
    vault.writeKv2("secret/shop/quay", Map.of("password", value("quay"), "username", "puller"));
    vault.writeKv1("kv1/shop/quay", Map.of("password", value("kv1")));
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
    token = vault.token("shop", Map.of("ttl", "1h"));
    resolver = with.resolver(throughProxy(), with.tokenFile(token));
  }

  @AfterEach
  void close() {
    with.close();
    proxy.close();
  }

  @Test
  void findsBothVersionsOfKvByPathsOfTheCommandLine() {
    assertThat(with.lookUp(resolver, "secret/shop/quay", "password"))
        .isEqualTo(new SecretLookup.Found(Secret.of(value("quay")), "version 1"));
    assertThat(with.lookUp(resolver, "kv1/shop/quay", "password"))
        .isEqualTo(new SecretLookup.Found(Secret.of(value("kv1")), ""));
  }

  @Test
  void readsEachPathOnceInARoundAndAsksForTheMountOnceInAll() {
    SecretReference password = reference("secret/shop/quay", "password");
    SecretReference username = reference("secret/shop/quay", "username");

    for (int round = 1; round <= 3; round++) {
      var lookups = with.lookUp(resolver, password, username);
      assertThat(lookups.values()).hasOnlyElementsOfType(SecretLookup.Found.class);
      assertThat(proxy.count("/v1/secret/data/shop/quay")).isEqualTo(round);
    }
    assertThat(proxy.count("sys/internal/ui/mounts")).isEqualTo(1);
    assertThat(proxy.count("auth/token")).isEqualTo(1);
  }

  @Test
  void readsAPinnedVersionAndTheLatestSideBySide() {
    vault.writeKv2("secret/shop/pinned", Map.of("password", value("first")));
    vault.writeKv2("secret/shop/pinned", Map.of("password", value("second")));
    SecretReference first = pinned("secret/shop/pinned", "password", 1);
    SecretReference ninth = pinned("secret/shop/pinned", "password", 9);
    SecretReference latest = reference("secret/shop/pinned", "password");

    var lookups = with.lookUp(resolver, first, latest, ninth);

    assertThat(lookups.get(first))
        .isEqualTo(new SecretLookup.Found(Secret.of(value("first")), "version 1"));
    assertThat(lookups.get(latest))
        .isEqualTo(new SecretLookup.Found(Secret.of(value("second")), "version 2"));
    assertThat(lookups.get(ninth)).isInstanceOf(SecretLookup.Absent.class);
  }

  @Test
  void rotatesByPinWhenTheDeclarationSaysSoAndNotBefore() {
    vault.writeKv2("secret/shop/by-pin", Map.of("password", value("first")));
    assertThat(with.lookUp(resolver, pinned("secret/shop/by-pin", "password", 1)).values())
        .containsExactly(new SecretLookup.Found(Secret.of(value("first")), "version 1"));

    vault.writeKv2("secret/shop/by-pin", Map.of("password", value("second")));

    assertThat(with.lookUp(resolver, pinned("secret/shop/by-pin", "password", 1)).values())
        .containsExactly(new SecretLookup.Found(Secret.of(value("first")), "version 1"));
    assertThat(with.lookUp(resolver, pinned("secret/shop/by-pin", "password", 2)).values())
        .containsExactly(new SecretLookup.Found(Secret.of(value("second")), "version 2"));
  }

  @Test
  void doesNotGuessWhatAPinnedVersionMeansInKv1() {
    SecretReference reference = pinned("kv1/shop/quay", "password", 1);
    assertThat(with.lookUp(resolver, reference).get(reference))
        .isInstanceOf(SecretLookup.Unavailable.class)
        .asString()
        .contains("KV version 1");
  }

  @Test
  void tellsEveryFormOfAbsenceFromOneAnother() {
    vault.writeKv2("secret/shop/deleted", Map.of("password", value("deleted")));
    vault.deleteLatest("secret/shop/deleted");
    vault.writeKv2("secret/shop/destroyed", Map.of("password", value("destroyed")));
    vault.destroy("secret/shop/destroyed", 1);
    vault.writeKv2("secret/shop/forgotten", Map.of("password", value("forgotten")));
    vault.forget("secret/shop/forgotten");

    assertAbsent("secret/shop/deleted", "was deleted");
    assertAbsent("secret/shop/destroyed", "was destroyed");
    assertAbsent("secret/shop/forgotten", "does not exist");
    assertAbsent("secret/shop/never", "does not exist");
    assertAbsent("kv1/shop/never", "does not exist");
    assertThat(with.lookUp(resolver, "secret/shop/quay", "pasword"))
        .isEqualTo(
            new SecretLookup.Absent("secret/shop/quay: there is no key `pasword` at this path."));
  }

  @Test
  void doesNotTakeAMissingMountForAnAbsentSecret() {
    var root = with.resolver(throughProxy(), with.tokenFile(VaultServer.ROOT_TOKEN));
    assertThat(with.lookUp(root, "nowhere/shop/quay", "password"))
        .isInstanceOf(SecretLookup.Unavailable.class)
        .asString()
        .contains("no mount");
  }

  @Test
  void doesNotTakeAMountThatWentForAnAbsentSecret() {
    vault.mount("gone", "kv", "2");
    vault.writeKv2("gone/quay", Map.of("password", value("gone")));
    var root = with.resolver(throughProxy(), with.tokenFile(VaultServer.ROOT_TOKEN));
    assertThat(with.lookUp(root, "gone/quay", "password")).isInstanceOf(SecretLookup.Found.class);

    vault.unmount("gone");

    assertThat(with.lookUp(root, "gone/quay", "password"))
        .isInstanceOf(SecretLookup.Unavailable.class);
  }

  @Test
  void noticesThatAMountChangedItsVersion() {
    vault.mount("changing", "kv", "1");
    vault.writeKv1("changing/quay", Map.of("password", value("before")));
    assertThat(with.lookUp(resolver, "changing/quay", "password"))
        .isInstanceOf(SecretLookup.Found.class);

    vault.unmount("changing");
    vault.mount("changing", "kv", "2");
    vault.writeKv2("changing/quay", Map.of("password", value("after")));

    assertThat(with.lookUp(resolver, "changing/quay", "password"))
        .isEqualTo(new SecretLookup.Found(Secret.of(value("after")), "version 1"));
  }

  @Test
  void deliversFourWhileTheFifthIsDenied() {
    SecretReference denied = reference("secret/other/quay", "password");
    SecretReference unknownMount = reference("hidden/quay", "password");
    SecretReference found = reference("secret/shop/quay", "password");

    var lookups = with.lookUp(resolver, denied, unknownMount, found);

    assertThat(lookups.get(denied))
        .isInstanceOf(SecretLookup.Denied.class)
        .asString()
        .contains("secret/data/other/quay");
    assertThat(lookups.get(unknownMount)).isInstanceOf(SecretLookup.Denied.class);
    assertThat(lookups.get(found)).isInstanceOf(SecretLookup.Found.class);
  }

  @Test
  void givesARotatedValueInTheNextRoundAndAnOlderOneAfterARestoredBackup() {
    vault.writeKv2("secret/shop/rotated", Map.of("password", value("old")));
    vault.writeKv2("secret/shop/rotated", Map.of("password", value("new")));
    assertThat(with.lookUp(resolver, "secret/shop/rotated", "password"))
        .isEqualTo(new SecretLookup.Found(Secret.of(value("new")), "version 2"));

    vault.forget("secret/shop/rotated");
    vault.writeKv2("secret/shop/rotated", Map.of("password", value("old")));

    assertThat(with.lookUp(resolver, "secret/shop/rotated", "password"))
        .isEqualTo(new SecretLookup.Found(Secret.of(value("old")), "version 1"));
  }

  @Test
  void acceptsOnlyTextsAsValues() {
    vault.writeKv2(
        "secret/shop/odd", Map.of("number", 4711, "list", List.of(value("list")), "text", ""));
    assertThat(with.lookUp(resolver, "secret/shop/odd", "number"))
        .isInstanceOf(SecretLookup.Unavailable.class);
    assertThat(with.lookUp(resolver, "secret/shop/odd", "list"))
        .isInstanceOf(SecretLookup.Unavailable.class);
    assertThat(with.lookUp(resolver, "secret/shop/odd", "text"))
        .isEqualTo(new SecretLookup.Found(Secret.of(""), "version 1"));
  }

  @Test
  void readsPathsWithSpacesAndLettersBeyondAscii() {
    vault.require(
        "POST",
        "secret/data/shop/k%C3%BCste%20nord",
        "{\"data\":{\"password\":\"" + value("k") + "\"}}");
    assertThat(with.lookUp(resolver, "secret/shop/küste nord", "password"))
        .isInstanceOf(SecretLookup.Found.class);
  }

  @Test
  void oneSlowPathDelaysNoOther() {
    vault.writeKv2("secret/shop/slow", Map.of("password", value("slow")));
    with.lookUp(resolver, "secret/shop/quay", "password");
    proxy.become(new Fault.BlackHole(text -> text.contains("shop/slow")));
    SecretReference slow = reference("secret/shop/slow", "password");
    SecretReference quay = reference("secret/shop/quay", "password");
    long begin = System.nanoTime();

    var lookups = with.lookUp(resolver, slow, quay);

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    assertThat(lookups.get(slow)).isInstanceOf(SecretLookup.Unavailable.class);
    assertThat(lookups.get(quay)).isInstanceOf(SecretLookup.Found.class);

    // The slow one is spared for a while; then it is asked again.
    proxy.become(new Fault.None());
    assertThat(with.lookUp(resolver, "secret/shop/slow", "password"))
        .isInstanceOf(SecretLookup.Unavailable.class);
    with.waitOutBackoff();
    assertThat(with.lookUp(resolver, "secret/shop/slow", "password"))
        .isInstanceOf(SecretLookup.Found.class);
  }

  @Test
  void isUnavailableWhileVaultIsCutOffMidwayAndRecovers() {
    with.lookUp(resolver, "secret/shop/quay", "password");
    proxy.become(new Fault.Cut(text -> true));
    assertThat(with.lookUp(resolver, "secret/shop/quay", "password"))
        .isInstanceOf(SecretLookup.Unavailable.class);

    proxy.become(new Fault.None());
    with.waitOutBackoff();

    assertThat(with.lookUp(resolver, "secret/shop/quay", "password"))
        .isInstanceOf(SecretLookup.Found.class);
  }

  @Test
  void isUnavailableWhenVaultIsGoneBeforeTheFirstUseAndIsNotHammered() {
    proxy.close();
    assertThat(with.lookUp(resolver, "secret/shop/quay", "password"))
        .isInstanceOf(SecretLookup.Unavailable.class)
        .asString()
        .contains("cannot be reached");
    assertThat(with.lookUp(resolver, "secret/shop/quay", "password"))
        .isInstanceOf(SecretLookup.Unavailable.class);
  }

  @Test
  void isUnavailableWhenVaultIsSealedAndRecoversWhenItIsBack() {
    try (VaultServer own = VaultServer.start(directory)) {
      own.writeKv2("secret/shop/quay", Map.of("password", value("sealed")));
      var ofOwn = with.resolver(own.address(), with.tokenFile(VaultServer.ROOT_TOKEN));
      assertThat(with.lookUp(ofOwn, "secret/shop/quay", "password"))
          .isInstanceOf(SecretLookup.Found.class);

      own.seal();

      assertThat(with.lookUp(ofOwn, "secret/shop/quay", "password"))
          .isInstanceOf(SecretLookup.Unavailable.class)
          .asString()
          .contains("sealed");
      own.stop();
      with.waitOutBackoff();
      assertThat(with.lookUp(ofOwn, "secret/shop/quay", "password"))
          .isInstanceOf(SecretLookup.Unavailable.class);
      try (VaultServer back = VaultServer.start(directory, own.port())) {
        with.waitOutBackoff();
        // A new Vault without the secret: absent, which removes nothing either.
        assertThat(with.lookUp(ofOwn, "secret/shop/quay", "password"))
            .isInstanceOf(SecretLookup.Absent.class);
        assertThat(back.port()).isEqualTo(own.port());
      }
    }
  }

  @Test
  void trustsThePrivateCaAloneAndSendsTheNamespace() throws IOException {
    var ours = TestCertificates.create(directory.resolve("ours"));
    var other = TestCertificates.create(directory.resolve("other"));
    try (var front = HttpsFront.before(vault.address(), ours.server("localhost").serverContext())) {
      Path ca = with.write("ca.pem", Files.readString(other.ca()));
      var strict = with.resolver(front.address(), "", ca, null, with.tokenFile(token));
      assertThat(with.lookUp(strict, "secret/shop/quay", "password"))
          .isInstanceOf(SecretLookup.Unavailable.class)
          .asString()
          .contains("TLS");

      with.write("ca.pem", Files.readString(ours.ca()));
      with.waitOutBackoff();
      assertThat(with.lookUp(strict, "secret/shop/quay", "password"))
          .isInstanceOf(SecretLookup.Found.class);

      // The community edition knows no namespaces and ignores the header.
      var inNamespace = with.resolver(front.address(), "platform", ca, null, with.tokenFile(token));
      with.lookUp(inNamespace, "secret/shop/quay", "password");
      assertThat(front.headers().getLast().get("X-vault-namespace")).containsExactly("platform");
    }
  }

  @Test
  void goesThroughTheProxyUnlessTheHostIsExempt() {
    URI front = URI.create("http://127.0.0.1:" + proxy.port());
    var exempt = new HttpProxy("127.0.0.1", 9, List.of("127.0.0.1"));
    var direct = with.resolver(front, "", null, exempt, with.tokenFile(token));
    assertThat(with.lookUp(direct, "secret/shop/quay", "password"))
        .isInstanceOf(SecretLookup.Found.class);

    // Vault itself answers a request in the form for a proxy.
    proxy.clear();
    var through = new HttpProxy("127.0.0.1", proxy.port(), List.of(".example"));
    var proxied =
        with.resolver(URI.create("http://vault.test"), "", null, through, with.tokenFile(token));
    assertThat(with.lookUp(proxied, "secret/shop/quay", "password"))
        .isInstanceOf(SecretLookup.Found.class);
    assertThat(proxy.count("GET http://vault.test/v1/secret/data/shop/quay")).isEqualTo(1);
  }

  @Test
  void tunnelsToAnHttpsVaultThroughTheProxy() throws IOException {
    var authority = TestCertificates.create(directory.resolve("tunnel"));
    try (var tunnel = ConnectProxy.start();
        var front =
            HttpsFront.before(vault.address(), authority.server("vault.test").serverContext())) {
      URI address = URI.create("https://vault.test:" + front.address().getPort());
      var through = tunnel.exempting();
      var tunnelled = with.resolver(address, "", authority.ca(), through, with.tokenFile(token));

      assertThat(with.lookUp(tunnelled, "secret/shop/quay", "password"))
          .isInstanceOf(SecretLookup.Found.class);
      assertThat(tunnel.targets()).contains("vault.test:" + front.address().getPort());
    }
  }

  private void assertAbsent(String path, String why) {
    assertThat(with.lookUp(resolver, path, "password"))
        .isInstanceOf(SecretLookup.Absent.class)
        .asString()
        .contains(why);
  }

  private URI throughProxy() {
    return URI.create("http://127.0.0.1:" + proxy.port());
  }

  private static String value(String name) {
    return Canary.VALUE + "-" + name;
  }
}
