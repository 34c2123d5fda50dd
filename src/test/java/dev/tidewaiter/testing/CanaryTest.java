package dev.tidewaiter.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanaryTest {
  private final Canary canary = new Canary("self-test");

  @ParameterizedTest
  @ValueSource(strings = {"", "u", "us", "usr", "robot", "robot:"})
  void findsItselfInBase64BehindAnyPrefix(String prefix) {
    String encoded =
        Base64.getEncoder()
            .encodeToString((prefix + canary.value() + "tail").getBytes(StandardCharsets.UTF_8));

    assertThat(canary.isIn(encoded)).isTrue();
    assertThatThrownBy(() -> canary.assertAbsentFrom(encoded, "a test"))
        .isInstanceOf(AssertionError.class)
        .hasMessageNotContaining(canary.value());
  }

  @Test
  void findsItselfInBase64OfJson() {
    String json =
        "{\"password\":\"" + canary.value().replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
    String encoded = Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));

    assertThat(canary.isIn(encoded)).isTrue();
  }

  @Test
  void isNotFoundWhereItIsNot() {
    canary.assertAbsentFrom("canary-other, and nothing else", "a test");
  }
}
