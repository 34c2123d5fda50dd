package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.source.SourceException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class TimeLimitTest {
  private final TimeLimit limit = new TimeLimit(Duration.ofMillis(100));

  @Test
  void saysThatItTakesTooLongAndLeavesNothingThatKeepsTheProcess() {
    var over = new AtomicBoolean();
    var isDaemon = new AtomicBoolean();
    assertThatThrownBy(
            () ->
                limit.keep(
                    () -> {
                      isDaemon.set(Thread.currentThread().isDaemon());
                      while (!over.get()) {
                        Thread.onSpinWait();
                      }
                      return "must not be seen: too late";
                    }))
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.REJECTED))
        .hasMessageContaining("were not read within");
    over.set(true);
    assertThat(isDaemon).isTrue();
  }

  @Test
  void givesWhatWasReadOrWhyItWasNot() throws Exception {
    var patient = new TimeLimit(Duration.ofSeconds(20));
    assertThat(patient.<String>keep(() -> "read")).isEqualTo("read");
    var unreadable = new SourceException("not a repository", null);
    assertThatThrownBy(
            () ->
                patient.keep(
                    () -> {
                      throw unreadable;
                    }))
        .isSameAs(unreadable);
  }
}
