package dev.tidewaiter.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.secrets.vault.VaultSettings.Login;
import dev.tidewaiter.testbed.TestCertificates;
import dev.tidewaiter.testbed.VaultServer;
import java.io.FileWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The login with a client certificate, over mutual TLS with the real Vault.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CertificateLoginIT {
  @TempDir Path directory;
  private TestCertificates authority;
  private VaultServer vault;

  private Surroundings with;
  private Path certificate;
  private Path key;

  @BeforeAll
  void start(@TempDir Path files) throws IOException {
    authority = TestCertificates.create(files.resolve("acme"));
    vault = VaultServer.startTls(files, authority);
    vault.policy("shop", "path \"secret/data/shop/*\" { capabilities = [\"read\"] }");
    vault.writeKv2("secret/shop/quay", Map.of("password", Canary.VALUE));
    vault.enableLogin("cert", Map.of());
    vault.write(
        "auth/cert/certs/tidewaiter",
        Map.of(
            "certificate", Files.readString(authority.ca()),
            "allowed_common_names", "tidewaiter",
            "token_policies", "shop",
            "token_ttl", "1h"));
  }

  @AfterAll
  void stop() {
    if (vault != null) {
      vault.close();
    }
  }

  @BeforeEach
  void issue() throws IOException {
    with = new Surroundings(directory);
    certificate = directory.resolve("own.pem");
    key = directory.resolve("own.key");
    use(authority.client("tidewaiter"));
  }

  @AfterEach
  void close() {
    with.close();
  }

  @Test
  void logsInAndRenewsOverMutualTls() {
    var resolver = resolver();
    assertFound(resolver);
    with.putForward(Duration.ofMinutes(41));
    assertFound(resolver);
    assertThat(with.canary.logged("vault token renewed")).isEqualTo(1);
    assertThat(with.canary.logged("logged in to vault")).isEqualTo(1);
  }

  @Test
  void takesAKeyInTheOlderForm() throws IOException {
    try (var parser = new PEMParser(Files.newBufferedReader(key));
        var writer =
            new JcaPEMWriter(
                new FileWriter(
                    directory.resolve("older.key").toFile(), StandardCharsets.US_ASCII))) {
      var parsed = (PrivateKeyInfo) parser.readObject();
      writer.writeObject(new JcaPEMKeyConverter().getPrivateKey(parsed));
    }
    key = directory.resolve("older.key");
    assertThat(key).content().contains("BEGIN EC PRIVATE KEY");
    assertFound(resolver());
  }

  @Test
  void logsInAnewWithTheCertificateThatTheFilesHoldThen() throws IOException {
    vault.write(
        "auth/cert/certs/successor",
        Map.of(
            "certificate", Files.readString(authority.ca()),
            "allowed_common_names", "successor",
            "token_policies", "shop"));
    use(authority.client("predecessor"));
    var resolver = resolver();
    assertUnavailable(resolver, "refused the certificate login");
    use(authority.client("successor"));
    assertFound(resolver);
  }

  @Test
  void isRefusedWithACertificateOfAnotherName() throws IOException {
    use(authority.client("somebody-else"));
    assertUnavailable(resolver(), "refused the certificate login");
  }

  @Test
  void isRefusedWithACertificateOfAnotherAuthority(@TempDir Path other) throws IOException {
    use(TestCertificates.create(other).client("tidewaiter"));
    assertUnavailable(resolver(), "trusts the issuer of " + certificate);
  }

  @Test
  void saysWhenTheKeyIsAnotherCertificates() throws IOException {
    var issued = authority.client("somebody-else");
    Files.copy(issued.key(), key, StandardCopyOption.REPLACE_EXISTING);
    var resolver = resolver();
    assertUnavailable(resolver, "are not a certificate and its key");

    use(authority.client("tidewaiter"));
    with.waitOutBackoff();
    assertFound(resolver);
  }

  private void use(TestCertificates.Issued issued) throws IOException {
    Files.copy(issued.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
    Files.copy(issued.key(), key, StandardCopyOption.REPLACE_EXISTING);
    with.canary.guard(Files.readString(issued.key()).lines().skip(1).findFirst().orElseThrow());
  }

  private VaultSecretResolver resolver() {
    var login = new Login.Certificate("cert", certificate, key);
    return with.resolver(vault.address(), "", authority.ca(), null, login);
  }

  private void assertFound(VaultSecretResolver resolver) {
    assertThat(with.lookUp(resolver, "secret/shop/quay", "password"))
        .isInstanceOf(SecretLookup.Found.class);
  }

  private void assertUnavailable(VaultSecretResolver resolver, String why) {
    assertThat(with.lookUp(resolver, "secret/shop/quay", "password"))
        .isInstanceOf(SecretLookup.Unavailable.class)
        .asString()
        .contains(why);
  }
}
