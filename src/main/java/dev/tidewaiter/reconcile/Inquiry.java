package dev.tidewaiter.reconcile;

import java.time.Duration;

/// How far a round goes to find out what is new.
enum Inquiry {
  /// Asks, waits a moment, and leaves what is late to the next round: the daemon's.
  BRIEF(Duration.ofSeconds(2)),
  /// Asks and waits for every answer, each of which is bounded: a command's that ends.
  COMPLETE(Duration.ofMinutes(10)),
  /// Asks nobody: a preview's.
  NONE(Duration.ZERO);

  private final Duration patience;

  Inquiry(Duration patience) {
    this.patience = patience;
  }

  Duration patience() {
    return patience;
  }
}
