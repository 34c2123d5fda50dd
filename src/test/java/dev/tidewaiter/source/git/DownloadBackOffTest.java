package dev.tidewaiter.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.source.SourceException;
import dev.tidewaiter.testing.MutableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DownloadBackOffTest {
  private final MutableClock clock = new MutableClock();
  private final DownloadBackOff backOff =
      new DownloadBackOff("https://git.example/x", clock::nanos);
  private int downloads;

  private void tooLarge(String id) {
    assertThatThrownBy(
            () ->
                backOff.begin(
                    id,
                    () -> {
                      downloads++;
                      throw new OutOfMemoryError("as the test wants it");
                    }))
        .isInstanceOf(SourceException.class)
        .hasMessageStartingWith(
            "https://git.example/x: there is too little memory to download " + id + "\n  Keep");
  }

  @Test
  void pausesLongerEachTime() {
    for (int second = 0; second < 4 * 60; second++) {
      tooLarge("one");
      clock.advance(Duration.ofSeconds(1));
    }
    // At the start, after one minute, and after two more.
    assertThat(downloads).isEqualTo(3);
    for (int minute = 0; minute < 600; minute++) {
      tooLarge("one");
      clock.advance(Duration.ofMinutes(1));
    }
    assertThat(downloads).isBetween(12, 16);
  }

  @Test
  void downloadsSomethingElseAtOnce() throws SourceException {
    tooLarge("one");
    tooLarge("two");
    assertThat(downloads).isEqualTo(2);
    backOff.begin("three", () -> downloads++);
    backOff.begin("three", () -> downloads++);
    assertThat(downloads).isEqualTo(4);
  }
}
