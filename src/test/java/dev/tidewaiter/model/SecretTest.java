package dev.tidewaiter.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SecretTest {
  private static final String VALUE = "must not be printed";

  @Test
  void printsWithoutItsValue() {
    var secret = Secret.of(VALUE);
    assertThat(secret).hasToString("<redacted>");
    assertThat(List.of(secret).toString()).doesNotContain(VALUE);
    assertThat(new Credential(secret, secret, null, null).toString()).doesNotContain(VALUE);
    assertThat(new Credential(secret, secret, null, null).sealable().toString())
        .doesNotContain(VALUE);
  }

  @Test
  void isEqualToASecretOfTheSameValueOnly() {
    assertThat(Secret.of(VALUE)).isEqualTo(Secret.of(VALUE)).isNotEqualTo(Secret.of(VALUE + "."));
    assertThat(Secret.of(VALUE).equals(null)).isFalse();
    assertThat(Secret.of(VALUE)).isNotEqualTo(VALUE);
  }

  @Test
  void itsHashTellsNothing() {
    assertThat(Secret.of("one")).hasSameHashCodeAs(Secret.of("another"));
  }

  @Test
  void revealsTheValueToWhoAsks() {
    assertThat(Secret.of(VALUE).reveal()).isEqualTo(VALUE);
    assertThat(Secret.of("").isEmpty()).isTrue();
    assertThat(Secret.of(" ").isEmpty()).isFalse();
  }

  @Test
  void noTwoCredentialsShareOneSealableText() {
    assertThat(credential("a", "bc", null)).isNotEqualTo(credential("ab", "c", null));
    assertThat(credential("a", "1:b", null)).isNotEqualTo(credential("a1:", "b", null));
    assertThat(credential("a", "b", "c")).isNotEqualTo(credential("a", "b", null));
    assertThat(credential("a", "b", null)).isEqualTo(credential("a", "b", null));
  }

  private static Secret credential(String username, String password, @Nullable String email) {
    return new Credential(Secret.of(username), Secret.of(password), email, null).sealable();
  }
}
