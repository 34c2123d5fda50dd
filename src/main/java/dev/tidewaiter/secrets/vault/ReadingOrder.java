package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.secrets.vault.PathReader.SecretPath;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/// Whose turn it is to be read, where a round may have no time for all: in two lines, of which one
/// is for what was quick the last time, and in each first what was asked longest ago. So the slow
/// keep the quick from nothing, each round goes on where the last one ended, and whoever waits is
/// read in the end.
///
/// Safe for use by many threads.
final class ReadingOrder {
  /// What takes as long is read beside the others, not before them.
  private static final Duration SLOW = Duration.ofSeconds(2);

  private final Map<SecretPath, Past> past = new HashMap<>();
  private final Queue<SecretPath> quick = new ArrayDeque<>();
  private final Queue<SecretPath> others = new ArrayDeque<>();
  private long turns;

  /// @param asked which turn it was, of all that ever were; none is 0
  private record Past(long asked, boolean slow) {
    static final Past NONE = new Past(0, true);
  }

  /// Begins a round, and forgets paths that nobody refers to any more.
  synchronized void begin(Set<SecretPath> wanted) {
    past.keySet().retainAll(wanted);
    quick.clear();
    others.clear();
    List<SecretPath> waiting =
        wanted.stream().sorted(Comparator.comparingLong(path -> past(path).asked())).toList();
    waiting.forEach(path -> (past(path).slow() ? others : quick).add(path));
  }

  /// The next of all, a quick one if there is one; empty if all had their turn.
  synchronized Optional<SecretPath> nextQuick() {
    return Optional.ofNullable(quick.isEmpty() ? others.poll() : quick.poll());
  }

  /// The next of all, a slow or an unknown one if there is one.
  synchronized Optional<SecretPath> nextOther() {
    return Optional.ofNullable(others.isEmpty() ? quick.poll() : others.poll());
  }

  /// Learns how long one path took.
  synchronized void asked(SecretPath path, Duration took) {
    past.put(path, new Past(++turns, took.compareTo(SLOW) >= 0));
  }

  private Past past(SecretPath path) {
    return past.getOrDefault(path, Past.NONE);
  }
}
