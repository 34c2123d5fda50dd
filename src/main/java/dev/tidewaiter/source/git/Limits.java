package dev.tidewaiter.source.git;

import java.time.Duration;

/// How long a server may take.
///
/// @param silence for a connection, and for each silence; whole seconds
/// @param listing for a whole conversation about where branches and tags stand
/// @param download for a whole conversation that brings objects
record Limits(Duration silence, Duration listing, Duration download) {
  /// An hour for a first clone over a poor line: nothing waits for it.
  static final Limits OF_SERVERS =
      new Limits(Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofHours(1));
}
