package dev.tidewaiter.reconcile;

import java.time.Duration;

/// How long is waited for what comes from the repository.
///
/// @param repository how long a daemon's round waits until it is read; it then goes on with what is
///   known
/// @param loading how long a revision may be loaded until it counts as rejected
record Patience(Duration repository, Duration loading) {
  /// Ten seconds are enough for all but a first clone, a large push and a bad line; ten minutes are
  /// many times what the largest repository takes, with all of its history.
  static final Patience OF_PRODUCT = new Patience(Duration.ofSeconds(10), Duration.ofMinutes(10));
}
