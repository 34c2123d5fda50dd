package dev.tidewaiter.registry;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// How long something that failed is left alone: each time twice as long as before, less up to a
/// quarter by chance, so that many do not return at once.
record Pauses(Duration first, Duration longest) {
  /// For a server that did not answer.
  static final Pauses OF_SILENCE = new Pauses(Duration.ofSeconds(5), Duration.ofMinutes(5));

  /// For a server that said no: it may have been behind, or somebody may grant it.
  static final Pauses OF_REFUSAL = new Pauses(Duration.ofMinutes(1), Duration.ofMinutes(10));

  /// What is honoured of a `Retry-After`, which could as well be a mistake of days.
  private static final Duration LONGEST_ASKED = Duration.ofHours(1);

  /// @param failures in a row, from 1
  /// @param asked how long the server wants to be left alone; null if it does not say
  Duration after(int failures, @Nullable Duration asked, RandomGenerator random) {
    long doubled = first.toMillis() << Math.min(failures - 1, 20);
    long full = Math.min(doubled, longest.toMillis());
    Duration pause = Duration.ofMillis(full - random.nextLong(full / 4 + 1));
    if (asked == null || asked.compareTo(pause) <= 0) {
      return pause;
    }
    return asked.compareTo(LONGEST_ASKED) < 0 ? asked : LONGEST_ASKED;
  }
}
