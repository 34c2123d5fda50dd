package dev.tidewaiter.secrets.vault;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// When something that failed may be tried again: twice as long after each failure, with half of it
/// left to chance, so that many daemons do not return in step.
///
/// Safe for use by many threads.
final class Backoff {
  private static final Duration FIRST = Duration.ofSeconds(1);

  /// What is honoured of a `Retry-After`.
  private static final Duration LONGEST_ASKED = Duration.ofMinutes(5);

  private final Pace pace;
  private int failures;
  private long notBefore;

  Backoff(Pace pace) {
    this.pace = pace;
  }

  /// @param nanos a monotonic clock in nanoseconds
  /// @param random safe for use by many threads
  /// @param longest no pause is longer, unless the server asks for it
  record Pace(LongSupplier nanos, RandomGenerator random, Duration longest) {}

  /// How long there is still to wait; zero if it may be tried now.
  synchronized Duration remaining() {
    return failures == 0
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, notBefore - pace.nanos().getAsLong()));
  }

  boolean isDue() {
    return remaining().isZero();
  }

  synchronized void succeeded() {
    failures = 0;
  }

  /// @param asked the server's own `Retry-After`; null if it gave none
  synchronized void failed(@Nullable Duration asked) {
    Duration most = FIRST.multipliedBy(1L << Math.min(failures, 10));
    Duration longest = pace.longest();
    long half = (most.compareTo(longest) > 0 ? longest : most).toNanos() / 2;
    long wait = half + pace.random().nextLong(half);
    if (asked != null) {
      Duration honoured = asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
      wait = Math.max(wait, honoured.toNanos());
    }
    failures++;
    notBefore = pace.nanos().getAsLong() + wait;
  }
}
