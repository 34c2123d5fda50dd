package dev.tidewaiter.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VisibleTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "quay.io/acme/app:1", "é 𝄞 | ` ' \\ $1", "\\u001b"})
  void leavesWhatIsSeen(String text) {
    assertThat(Visible.of(text)).isEqualTo(text);
    assertThat(Visible.lines(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r", "\u000b", "\f", "\t", "\u0085", "\u2028", "\u2029"})
  void makesABreakASpace(String between) {
    assertThat(Visible.of("a" + between + "b")).isEqualTo("a b");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0, 7, 8, 0x1b, 0x7f, 0x9b, 0xad, 0x200b, 0x200e, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e,
        0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0xd800, 0xe000, 0xfeff
      })
  void escapesWhatIsNotSeen(int unseen) {
    String text = "a" + (char) unseen + "b";
    assertThat(Visible.of(text)).isEqualTo("a\\u%04xb".formatted(unseen));
    assertThat(Visible.lines(text)).isEqualTo("a\\u%04xb".formatted(unseen));
  }

  @Test
  void escapesBeyondTheFirstPlane() {
    assertThat(Visible.of("a\udb40\udc41")).isEqualTo("a\\udb40\\udc41");
  }

  @Test
  void leavesOnlyLineFeedsBetweenLines() {
    assertThat(Visible.lines("a\nb\rc\u2028d\te")).isEqualTo("a\nb\\u000dc\\u2028d\\u0009e");
  }

  @Test
  void changesNothingTwice() {
    String once = Visible.of("\u001b[2J\n\u202e");
    assertThat(Visible.of(once)).isEqualTo(once).isEqualTo("\\u001b[2J \\u202e");
  }
}
