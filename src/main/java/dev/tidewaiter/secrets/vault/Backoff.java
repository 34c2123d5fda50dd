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
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /// What is honoured of a `Retry-After`.
  private static final Duration LONGEST_ASKED = Duration.ofMinutes(5);

  private final LongSupplier nanos;
  private final RandomGenerator random;
  private int failures;
  private long notBefore;

  Backoff(LongSupplier nanos, RandomGenerator random) {
    this.nanos = nanos;
    this.random = random;
  }

  /// How long there is still to wait; zero if it may be tried now.
  synchronized Duration remaining() {
    return failures == 0
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, notBefore - nanos.getAsLong()));
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
    long half = (most.compareTo(LONGEST) > 0 ? LONGEST : most).toNanos() / 2;
    long wait = half + random.nextLong(half);
    if (asked != null) {
      Duration honoured = asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
      wait = Math.max(wait, honoured.toNanos());
    }
    failures++;
    notBefore = nanos.getAsLong() + wait;
  }
}
