package dev.tidewaiter.reconcile;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How often, and after which waits, something is tried again: each wait twice the one before, less
/// up to a quarter by chance, so that many do not return at once.
///
/// @param attempts in all, within one cycle
/// @param first the wait after the first attempt
/// @param longest no wait is longer
public record Retries(int attempts, Duration first, Duration longest) {
  /// Within one cycle: three attempts, together under two seconds of waiting. What still fails is
  /// left to a later cycle, so that nobody waits for it.
  public static final Retries OF_CHANGES =
      new Retries(3, Duration.ofMillis(250), Duration.ofSeconds(1));

  /// From cycle to cycle, for a scope that does not get better.
  static final Retries OF_SCOPES =
      new Retries(Integer.MAX_VALUE, Duration.ofSeconds(2), Duration.ofMinutes(1));

  /// The wait after the given failed attempt, counted from 1.
  Duration waitAfter(int attempt, RandomGenerator random) {
    long doubled = first.toMillis() << Math.min(attempt - 1, 20);
    long full = Math.min(doubled, longest.toMillis());
    return Duration.ofMillis(full - random.nextLong(full / 4 + 1));
  }
}
