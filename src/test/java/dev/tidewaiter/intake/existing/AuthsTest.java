package dev.tidewaiter.intake.existing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuthsTest {
  private static final Origin ORIGIN = Origin.ofSecret("", "shop", "regcred");

  @ParameterizedTest
  @CsvSource({
    "https://index.docker.io/v1/, docker.io",
    "index.docker.io, docker.io",
    "docker.io, docker.io",
    "https://registry-1.docker.io/v2/, registry-1.docker.io",
    "HTTPS://Quay.IO, quay.io",
    "http://registry.acme.example:5000/, registry.acme.example:5000",
    "quay.io/v2, quay.io",
    "registry.acme.example:443, registry.acme.example:443",
  })
  void aKeyNamesARegistry(String key, String address) {
    assertThat(AuthsKey.parse(key)).isEqualTo(new AuthsKey.Named(new RegistryAddress(address)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"quay.io/acme", "*.acme.example", "", "[::1]:5000", "_default", "a b"})
  void aKeyThatNamesNoneIsToldOf(String key) {
    assertThat(AuthsKey.parse(key)).isInstanceOf(AuthsKey.Unusable.class);
  }

  @Test
  void authWinsOverTheOtherTwo() {
    assertThat(read("{'username': 'must not be chosen', 'password': 'x', 'auth': '%s'}", "me:a:b:"))
        .isEqualTo(new CredentialDraft.Basic("me", Secret.of("a:b:"), null));
  }

  @Test
  void takesThePasswordToTheByte() {
    String password = " \"quoted\"\\n 'x' ü€ \t";
    assertThat(read("{'auth': '%s'}", "me:" + password))
        .isEqualTo(new CredentialDraft.Basic("me", Secret.of(password), null));
    assertThat(read("{'auth': '%s'}", "me:padded\0\0"))
        .isEqualTo(new CredentialDraft.Basic("me", Secret.of("padded"), null));
  }

  @Test
  void keepsAnEmailThatIsOne() {
    assertThat(read("{'username': 'me', 'password': 'x', 'email': 'me@acme.example'}", ""))
        .isEqualTo(new CredentialDraft.Basic("me", Secret.of("x"), "me@acme.example"));
    assertThat(read("{'username': 'me', 'password': 'x', 'email': 'none'}", ""))
        .isEqualTo(new CredentialDraft.Basic("me", Secret.of("x"), null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'username': 'me'}",
        "{'password': 'must not be told: x'}",
        "{'auth': 'bm8tY29sb24='}",
        "{'auth': '!'}",
        "{'auth': 'me:x', 'identitytoken': 'must not be told: t'}",
        "{'username': 'me', 'password': 'x', 'registrytoken': 'must not be told: t'}",
        "{'username': '00000000-0000-0000-0000-000000000000', 'password': 'must not be told: x'}",
        "{'username': 'must not be told: t', 'password': 'must not be told: t'}",
        "{'username': 'two\\nlines', 'password': 'must not be told: x'}",
        "'no object'",
      })
  void whatNoDeclarationCanSayIsLeft(String entry) {
    List<Found> found = Auths.read(ORIGIN, tree("{'quay.io': " + entry + "}"));
    assertThat(found).singleElement().isInstanceOf(Found.Left.class);
    assertThat(found.toString()).contains("quay.io").doesNotContain("must not be told");
  }

  @ParameterizedTest
  @CsvSource({
    "ghp_mustNotBeTold, x-oauth-basic",
    "mustNotBeTold, x-oauth-basic",
    "ghs_mustNotBeTold, x",
    "github_pat_mustNotBeTold, x",
    "glpat-mustNotBeTold, x",
    "acme-gldt-mustNotBeTold, x",
    "dckr_pat_mustNotBeTold, x",
    "dop_v1_mustNotBeTold, x",
    "eyJhbGciOiJub25lIn0.mustNotBeTold, x",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709, x",
  })
  void aTokenInPlaceOfAUserNameIsLeft(String username, String password) {
    String entry = "{'auth': '%s'}".formatted(base64(username + ":" + password));
    List<Found> found = Auths.read(ORIGIN, tree("{'ghcr.io': " + entry + "}"));
    assertThat(found).singleElement().isInstanceOf(Found.Left.class);
    assertThat(found.toString()).contains("ghcr.io").doesNotContain(username);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ghost",
        "global-puller",
        "robot$acme+glue-puller",
        "gitlab+deploy-token-1234",
        "AKIAIOSFODNN7EXAMPLE",
        "$oauthtoken",
        "0123456789abcdef0123456789abcdef",
        "12345678|eyJack",
        "6f1c3a0e-4f0b-4f5e-9d3c-0a4c1c9b7e11",
      })
  void aUserNameThatOnlyLooksOddIsKept(String username) {
    assertThat(login("ghcr.io", username + ":x"))
        .isEqualTo(new CredentialDraft.Basic(username, Secret.of("x"), null));
  }

  @ParameterizedTest
  @CsvSource({
    "123456789012.dkr.ecr.eu-central-1.amazonaws.com, AWS, Ecr",
    "public.ecr.aws, AWS, Ecr",
    "123456789012.dkr.ecr.eu-central-1.amazonaws.com, someone, Basic",
    "quay.io, AWS, Basic",
    "eu.gcr.io, _json_key, GoogleKey",
    "europe-docker.pkg.dev, _json_key_base64, GoogleKey",
    "gcr.io, oauth2accesstoken, GoogleToken",
    "gcr.io, _dcgcloud_token, GoogleToken",
    "quay.io, _json_key, Basic",
    "quay.io, oauth2accesstoken, Basic",
  })
  void whatIsShortLivedIsMintedInstead(String address, String username, String form) {
    CredentialDraft draft =
        CredentialDraft.of(new RegistryAddress(address), username, Secret.of("e30="), null);
    assertThat(draft.getClass().getSimpleName()).isEqualTo(form);
  }

  @Test
  void aGoogleKeyIsKeptToTheByte() {
    String key = "{\n  \"private_key\": \"-----BEGIN\\nx\\n\",\n  \"a\": \"b:c\"\n}\n";
    assertThat(login("gcr.io", "_json_key:" + key))
        .isEqualTo(new CredentialDraft.GoogleKey(Secret.of(key)));
    String encoded = Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    assertThat(login("gcr.io", "_json_key_base64:" + encoded))
        .isEqualTo(new CredentialDraft.GoogleKey(Secret.of(key)));
  }

  private static CredentialDraft read(String entry, String pair) {
    return only(Auths.read(ORIGIN, tree("{'quay.io': " + entry.formatted(base64(pair)) + "}")));
  }

  private static CredentialDraft login(String address, String pair) {
    String auths = "{'%s': {'auth': '%s'}}".formatted(address, base64(pair));
    return only(Auths.read(ORIGIN, tree(auths)));
  }

  private static CredentialDraft only(List<Found> found) {
    assertThat(found).hasSize(1);
    if (found.getFirst()
        instanceof Found.Login(Origin _, RegistryAddress _, CredentialDraft draft)) {
      return draft;
    }
    throw new AssertionError("no credential: " + found);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode tree(String json) {
    return JsonMapper.shared().readTree(json.replace('\'', '"'));
  }
}
