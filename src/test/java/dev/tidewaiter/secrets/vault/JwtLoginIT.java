package dev.tidewaiter.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.secrets.vault.VaultSettings.Login;
import dev.tidewaiter.testbed.VaultServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The login with a JWT, signed by an issuer that the real Vault knows the key of.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JwtLoginIT {
  private static final String ISSUER = "https://ci.acme.example";

  @TempDir Path directory;
  private VaultServer vault;
  private KeyPair issuer;

  private Surroundings with;

  @BeforeAll
  void start(@TempDir Path logs) throws GeneralSecurityException {
    issuer = keys();
    vault = VaultServer.start(logs);
    vault.policy("shop", "path \"secret/data/shop/*\" { capabilities = [\"read\"] }");
    vault.writeKv2("secret/shop/quay", Map.of("password", Canary.VALUE));
    String key = Base64.getMimeEncoder().encodeToString(issuer.getPublic().getEncoded());
    String pem = "-----BEGIN PUBLIC KEY-----\n" + key + "\n-----END PUBLIC KEY-----\n";
    vault.enableLogin(
        "jwt", Map.of("jwt_validation_pubkeys", List.of(pem), "bound_issuer", ISSUER));
    vault.write(
        "auth/jwt/role/tidewaiter",
        Map.of(
            "role_type", "jwt",
            "user_claim", "sub",
            "bound_audiences", List.of("vault"),
            "bound_subject", "tidewaiter",
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
  void resolve() {
    with = new Surroundings(directory);
  }

  @AfterEach
  void close() {
    with.close();
  }

  @Test
  void logsInAndReadsTheFileAgainAtTheNextLogin() throws GeneralSecurityException {
    var resolver = resolver("tidewaiter", signed(issuer, "vault", "tidewaiter", inAnHour()));
    assertFound(resolver);

    with.write("jwt", signed(issuer, "vault", "tidewaiter", anHourAgo()));
    vault.revokeLoginsAt("jwt");
    assertRefused(resolver, "has not expired");

    with.write("jwt", signed(issuer, "vault", "tidewaiter", inAnHour()));
    assertFound(resolver);
  }

  @Test
  void saysWhichRoleIsWrong() throws GeneralSecurityException {
    assertRefused(
        resolver("no-such-role", signed(issuer, "vault", "tidewaiter", inAnHour())),
        "role `no-such-role` exists");
  }

  @Test
  void isRefusedWithWhatTheRoleIsNotBoundTo() throws GeneralSecurityException {
    assertRefused(
        resolver("tidewaiter", signed(issuer, "another audience", "tidewaiter", inAnHour())),
        "`bound_audiences`");
    assertRefused(
        resolver("tidewaiter", signed(issuer, "vault", "another subject", inAnHour())),
        "`bound_subject`");
    assertRefused(
        resolver("tidewaiter", signed(keys(), "vault", "tidewaiter", inAnHour())),
        "keys are the issuer's");
  }

  private VaultSecretResolver resolver(String role, String jwt) {
    return with.resolver(vault.address(), new Login.Jwt("jwt", role, with.write("jwt", jwt)));
  }

  private void assertFound(VaultSecretResolver resolver) {
    assertThat(with.lookUp(resolver, "secret/shop/quay", "password"))
        .isInstanceOf(SecretLookup.Found.class);
  }

  private void assertRefused(VaultSecretResolver resolver, String why) {
    assertThat(with.lookUp(resolver, "secret/shop/quay", "password"))
        .isInstanceOf(SecretLookup.Unavailable.class)
        .asString()
        .contains("refused the JWT login")
        .contains(why);
  }

  private String signed(KeyPair by, String audience, String subject, Instant end)
      throws GeneralSecurityException {
    String claims =
        JsonMapper.builder()
            .build()
            .writeValueAsString(
                Map.of(
                    "iss", ISSUER,
                    "aud", audience,
                    "sub", subject,
                    "iat", end.minus(Duration.ofHours(2)).getEpochSecond(),
                    "exp", end.getEpochSecond()));
    String text = encoded("{\"alg\":\"RS256\"}") + "." + encoded(claims);
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(by.getPrivate());
    signature.update(text.getBytes(StandardCharsets.US_ASCII));
    String jwt =
        text + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    return with.canary.guard(jwt);
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static KeyPair keys() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  private static Instant inAnHour() {
    return Instant.now().plus(Duration.ofHours(1));
  }

  private static Instant anHourAgo() {
    return Instant.now().minus(Duration.ofHours(1));
  }
}
