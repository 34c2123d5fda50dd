package dev.tidewaiter.registry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// The clocks and the chance by which lives are measured and pauses chosen.
///
/// A life is measured by `nanos`, which nobody sets; `clock` is for what people read and for what
/// outlives the process.
///
/// @param nanos monotonic, in nanoseconds
/// @param random safe for use by many threads
public record Timing(InstantSource clock, LongSupplier nanos, RandomGenerator random) {
  /// The moment of the monotonic clock that is so far away.
  long in(Duration time) {
    return nanos.getAsLong() + time.toNanos();
  }

  /// How long until a moment of the monotonic clock; negative if it is over.
  Duration until(long moment) {
    return Duration.ofNanos(moment - nanos.getAsLong());
  }

  /// A moment of the monotonic clock as the wall clock will show it.
  Instant at(long moment) {
    return clock.instant().plus(until(moment));
  }

  boolean isOver(long moment) {
    return moment - nanos.getAsLong() <= 0;
  }
}
