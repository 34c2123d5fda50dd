package dev.tidewaiter.target.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.testing.GoogleServiceKey;
import java.net.URI;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A Google key as a password, in a user's `config.json`: what other tools got wrong. The stories
/// are told in the test of the same name for pull Secrets.
class JsonKeyTest {
  private static final HostPath PATH = new HostPath("root/.docker/config.json");
  private static final String KEY =
      GoogleServiceKey.create().json(URI.create("https://oauth2.googleapis.com/token")).reveal();
  private static final String USER = "_json_key";

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\"", "\\", "\\n", "'", "\t", "\u0000", "\u2028", "é", "𝄞", "</script>"})
  void breaksNoDocument(String more) throws HostFileException {
    String before =
        "{\n\t\"auths\": {\n\t\t\"quay.io\": {\n\t\t\t\"auth\": \"eDp5\"\n\t\t}\n\t}\n}";

    JsonNode auths = written(before, credential(USER, KEY + more));

    assertThat(auths.path("quay.io").path("auth").asString()).isEqualTo("eDp5");
    assertThat(auths.path("gcr.io").path("password").asString()).isEqualTo(KEY + more);
  }

  @Test
  void hasItsUserBeforeTheFirstColon() throws HostFileException {
    String pair = pair(written("{}", credential(USER, KEY)));

    assertThat(pair.substring(0, pair.indexOf(':'))).isEqualTo(USER);
    assertThat(pair.substring(pair.indexOf(':') + 1)).isEqualTo(KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\n\n  "})
  void keepsEveryLineBreak(String end) throws HostFileException {
    JsonNode auths = written("{}", credential(USER, KEY.strip() + end));

    assertThat(auths.path("gcr.io").path("password").asString()).isEqualTo(KEY.strip() + end);
    assertThat(pair(auths)).isEqualTo(USER + ":" + KEY.strip() + end);
  }

  @Test
  void isNotDecodedForTheUserOfEncodedKeys() throws HostFileException {
    String encoded = Base64.getEncoder().encodeToString(KEY.getBytes(UTF_8));

    JsonNode auths = written("{}", credential("_json_key_base64", encoded));

    assertThat(auths.path("gcr.io").path("password").asString()).isEqualTo(encoded);
    assertThat(pair(auths)).isEqualTo("_json_key_base64:" + encoded);
  }

  private static JsonNode written(String before, Credential credential) throws HostFileException {
    JsonDocument document =
        JsonDocument.parse(PATH, Optional.of(FileContent.of(before.getBytes(UTF_8))))
            .withMember("auths", "gcr.io", AuthEntry.render(credential));
    return JsonMapper.shared().readTree(document.content().bytes()).path("auths");
  }

  private static String pair(JsonNode auths) {
    String auth = auths.path("gcr.io").path("auth").asString();
    return new String(Base64.getDecoder().decode(auth), UTF_8);
  }

  private static Credential credential(String user, String password) {
    return new Credential(Secret.of(user), Secret.of(password), null, null);
  }
}
