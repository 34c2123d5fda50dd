package dev.tidewaiter.registry.ecr;

import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Spaces requests out: at most twenty in any second, over all accounts and regions.
///
/// AWS grants each account and region [200 a
/// second](https://docs.aws.amazon.com/AmazonECR/latest/public/public-service-quotas.html) by
/// default, and its clients share them with every node that pulls. Safe for use by many threads.
final class Pace {
  private static final long SPACING_NANOS = Duration.ofSeconds(1).toNanos() / 20;

  private final LongSupplier nanos;
  private long free;

  /// @param nanos a monotonic clock in nanoseconds
  Pace(LongSupplier nanos) {
    this.nanos = nanos;
    this.free = nanos.getAsLong();
  }

  /// Takes the next free moment.
  ///
  /// @param longest how long the request can wait
  /// @return how long it has to
  /// @throws Exceeded if that is longer; then no moment is taken
  synchronized Duration reserve(Duration longest) throws Exceeded {
    long now = nanos.getAsLong();
    long wait = Math.max(0, free - now);
    if (wait > longest.toNanos()) {
      throw new Exceeded(Duration.ofNanos(wait));
    }
    free = now + wait + SPACING_NANOS;
    return Duration.ofNanos(wait);
  }

  /// More requests wait than can be sent in time.
  static final class Exceeded extends IOException {
    private static final long serialVersionUID = 1;

    private final Duration wait;

    private Exceeded(Duration wait) {
      super("the next moment for a request is in " + wait);
      this.wait = wait;
    }

    Duration retryAfter() {
      return wait;
    }
  }
}
