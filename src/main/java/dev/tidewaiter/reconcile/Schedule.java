package dev.tidewaiter.reconcile;

import java.time.Duration;

/// When rounds and cycles run by themselves.
///
/// @param interval between the beginnings of rounds; shortened by chance by up to a tenth
/// @param resync at least this often every environment has a cycle, whatever happens
/// @param patience how long a stop waits for changes in flight
public record Schedule(Duration interval, Duration resync, Duration patience) {
  /// A stop waits 20 s, less than the 30 s after which container runtimes kill.
  public Schedule(Duration interval, Duration resync) {
    this(interval, resync, Duration.ofSeconds(20));
  }
}
