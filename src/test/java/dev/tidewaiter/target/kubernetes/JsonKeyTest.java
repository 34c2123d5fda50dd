package dev.tidewaiter.target.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.testing.GoogleServiceKey;
import java.net.URI;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A Google key as a password, in a pull Secret: what other tools got wrong.
class JsonKeyTest {
  private static final String KEY =
      GoogleServiceKey.create().json(URI.create("https://oauth2.googleapis.com/token")).reveal();
  private static final String USER = "_json_key";

  /// [k3s#1610](https://github.com/k3s-io/k3s/issues/1610): a key written without quotation broke
  /// the whole document, and containerd did not start.
  @ParameterizedTest
  @ValueSource(
      strings = {"", "\"", "\\", "\\n", "'", "\t", "\u0000", "\u2028", "é", "𝄞", "</script>"})
  void breaksNoDocument(String more) {
    var config = DockerConfig.empty();
    config.put("quay.io", credential("robot", "of another registry"));
    config.put("gcr.io", credential(USER, KEY + more));

    JsonNode auths = parsed(config).path("auths");

    assertThat(auths.propertyNames()).containsExactly("quay.io", "gcr.io");
    assertThat(auths.path("gcr.io").path("password").asString()).isEqualTo(KEY + more);
  }

  /// [gitpod#10031](https://github.com/gitpod-io/gitpod/pull/10031): a reader that splits at the
  /// last colon takes half of the key for the user. Readers split at the first.
  @Test
  void hasItsUserBeforeTheFirstColon() {
    String pair = pair(written(credential(USER, KEY)));

    assertThat(KEY).contains(":");
    assertThat(pair.substring(0, pair.indexOf(':'))).isEqualTo(USER);
    assertThat(pair.substring(pair.indexOf(':') + 1)).isEqualTo(KEY);
  }

  /// [rancher#6956](https://github.com/rancher/rancher/issues/6956): line breaks were stripped,
  /// those between the fields and those inside the private key.
  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\n\n  "})
  void keepsEveryLineBreak(String end) {
    JsonNode entry = written(credential(USER, KEY.strip() + end));

    assertThat(entry.path("password").asString()).isEqualTo(KEY.strip() + end);
    assertThat(pair(entry)).isEqualTo(USER + ":" + KEY.strip() + end);
    String pem = parsed(entry.path("password").asString()).path("private_key").asString();
    assertThat(pem)
        .startsWith("-----BEGIN PRIVATE KEY-----\n")
        .endsWith("-----END PRIVATE KEY-----\n");
  }

  /// [starboard#857](https://github.com/aquasecurity/starboard/issues/857): `_json_key_base64` is a
  /// user of its own, whose password is the key in base64, and stays so.
  @Test
  void isNotDecodedForTheUserOfEncodedKeys() {
    String encoded = Base64.getEncoder().encodeToString(KEY.getBytes(UTF_8));

    JsonNode entry = written(credential("_json_key_base64", encoded));

    assertThat(entry.path("username").asString()).isEqualTo("_json_key_base64");
    assertThat(entry.path("password").asString()).isEqualTo(encoded);
    assertThat(pair(entry)).isEqualTo("_json_key_base64:" + encoded);
  }

  private static JsonNode written(Credential credential) {
    var config = DockerConfig.empty();
    config.put("gcr.io", credential);
    return parsed(config).path("auths").path("gcr.io");
  }

  private static JsonNode parsed(DockerConfig config) {
    return parsed(new String(Base64.getDecoder().decode(config.base64()), UTF_8));
  }

  private static JsonNode parsed(String json) {
    return JsonMapper.shared().readTree(json);
  }

  private static String pair(JsonNode entry) {
    return new String(Base64.getDecoder().decode(entry.path("auth").asString()), UTF_8);
  }

  private static Credential credential(String user, String password) {
    return new Credential(Secret.of(user), Secret.of(password), null, null);
  }
}
