package dev.tidewaiter.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.registry.oci.Turns.Admission;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final AtomicLong now = new AtomicLong(-5);
  private final Turns turns = new Turns(now::get);

  @Test
  void noRegistryIsAskedTooOftenInAMinute() {
    for (int i = 0; i < Turns.PER_MINUTE; i++) {
      take("quay.io").close();
    }
    assertThat(turns.take("quay.io"))
        .isEqualTo(new Admission.NotNow("it was asked 30 times within a minute"));
    take("ghcr.io").close();
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    take("quay.io").close();
  }

  @Test
  void oneThatAsksForItIsLeftAloneForAWhile() {
    try (Admission.Turn turn = take("quay.io")) {
      turn.rest(Duration.ofDays(9));
    }
    assertThat(turns.take("quay.io")).isInstanceOf(Admission.Resting.class);
    now.addAndGet(Turns.LONGEST_REST.toNanos() - 1);
    assertThat(turns.take("quay.io")).isInstanceOf(Admission.Resting.class);
    now.addAndGet(1);
    take("quay.io").close();
  }

  @Test
  void aRegistryIsAskedOneQuestionAtATime() throws InterruptedException {
    Admission.Turn first = take("quay.io");
    var second = Thread.ofVirtual().start(() -> take("quay.io").close());
    take("ghcr.io").close();
    assertThat(second.join(Duration.ofMillis(100))).isFalse();
    first.close();
    assertThat(second.join(Duration.ofSeconds(10))).isTrue();
  }

  private Admission.Turn take(String host) {
    return switch (turns.take(host)) {
      case Admission.Turn turn -> turn;
      case Admission.NotNow(String reason) -> throw new AssertionError(reason);
      case Admission.Resting(String reason) -> throw new AssertionError(reason);
    };
  }
}
