package dev.tidewaiter.target.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.Secret;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerConfigTest {
  /// A Google key has line breaks, quotes and a colon.
  private static final Credential KEY =
      new Credential(Secret.of("_json_key"), Secret.of("{\"a\": \"b\\n\"}\n"), "a@b.example", null);

  @Test
  void readsWhatItWrote() {
    var config = DockerConfig.empty();
    config.put("gcr.io", KEY);

    DockerConfig read = read(new String(config.bytes(), UTF_8));

    assertThat(read).isEqualTo(config);
    assertThat(read.sealable("gcr.io")).isEqualTo(KEY.sealable());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"auth\":\"dTpw\"}",
        "{\"username\":\"u\",\"password\":\"p\"}",
        "{\"username\":\"u\",\"password\":\"p\",\"auth\":\"b3RoZXI6cA==\"}",
        "{\"username\":\"u\",\"password\":\"p\",\"auth\":\"dTpw\",\"identitytoken\":\"t\"}",
        "{}",
        "\"text\""
      })
  void anEntryThatIsNotAsWrittenEqualsNoCredential(String entry) {
    var plain = new Credential(Secret.of("u"), Secret.of("p"), null, null);

    DockerConfig config = read("{\"auths\":{\"quay.io\":" + entry + "}}");

    assertThat(config.sealable("quay.io")).isNotEqualTo(plain.sealable());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "null", "{\"auths\": []}", "not json"})
  void contentWithoutEntriesHasNone(String content) {
    assertThat(read(content).keys()).isEmpty();
  }

  @Test
  void keepsWhatSomebodyElsePutBeside() {
    DockerConfig config =
        read("{\"credsStore\":\"x\",\"auths\":{\"a.example\":{\"auth\":\"eDp5\"}}}");

    config.put("quay.io", KEY);

    assertThat(config.hasMore()).isTrue();
    assertThat(new String(config.bytes(), UTF_8))
        .startsWith("{\"credsStore\":\"x\",\"auths\":{\"a.example\":{\"auth\":\"eDp5\"},");
  }

  @Test
  void printsNoContent() {
    var config = DockerConfig.empty();
    config.put("gcr.io", KEY);

    assertThat(config).hasToString("DockerConfig[gcr.io]");
  }

  private static DockerConfig read(String content) {
    var secret = Json.object();
    secret
        .putObject("data")
        .put(".dockerconfigjson", Base64.getEncoder().encodeToString(content.getBytes(UTF_8)));
    return DockerConfig.of(secret);
  }
}
