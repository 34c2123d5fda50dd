package dev.tidewaiter.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevisionTest {
  @Test
  void isASha1OrASha256() {
    assertThat(new Revision("0123abcd".repeat(5)).abbreviated()).isEqualTo("0123abcd");
    assertThat(new Revision("0123abcd".repeat(8))).hasToString("0123abcd".repeat(8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "main",
        "0123abcd",
        "0123ABCD0123ABCD0123ABCD0123ABCD0123ABCD",
        "0123abcd0123abcd0123abcd0123abcd0123abcd0123abcd"
      })
  void isNothingElse(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Revision(text));
  }
}
