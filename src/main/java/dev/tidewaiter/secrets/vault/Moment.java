package dev.tidewaiter.secrets.vault;

import java.time.Instant;

/// A moment on both clocks: decisions are made by the monotonic one, and people are told the other.
///
/// @param nanos nanoseconds, which mean nothing but by their differences
record Moment(long nanos, Instant instant) {
  /// Another moment of the monotonic clock, on the wall clock.
  Instant instantAt(long otherNanos) {
    return instant.plusNanos(otherNanos - nanos);
  }
}
