package dev.tidewaiter.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that stands still until it is moved.
public final class MutableClock implements InstantSource {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));

  @Override
  public Instant instant() {
    return now.get();
  }

  /// The same as a monotonic clock, in nanoseconds.
  public long nanos() {
    return Duration.between(Instant.EPOCH, now.get()).toNanos();
  }

  /// Moves it on.
  public void advance(Duration by) {
    now.updateAndGet(instant -> instant.plus(by));
  }
}
