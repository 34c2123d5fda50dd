package dev.tidewaiter.target.host.docker;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// Reloads of dockerd, with the proof that they took effect: its log says "Reloaded configuration"
/// also after an error, so only `GET /info` counts.
final class Reloads {
  private static final Duration BETWEEN = Duration.ofMillis(50);

  private final Duration limit;
  private final LongSupplier nanoTime;

  /// @param limit how long a reload may take until it shows
  /// @param nanoTime a monotonic clock, in nanoseconds
  Reloads(Duration limit, LongSupplier nanoTime) {
    this.limit = limit;
    this.nanoTime = nanoTime;
  }

  /// Which entries of a list have to be in force, and which must not be.
  record Expected(DaemonKey key, Set<String> present, Set<String> absent) {
    Expected {
      present = present.stream().map(key::shown).collect(Collectors.toUnmodifiableSet());
      absent = absent.stream().map(key::shown).collect(Collectors.toUnmodifiableSet());
    }

    boolean holds(EngineInfo info) {
      Set<String> inForce = key.inForce(info);
      return inForce.containsAll(present) && Collections.disjoint(inForce, absent);
    }
  }

  /// @return whether what is expected shows before the limit
  boolean reload(DockerEngine.Running engine, Expected expected) throws IOException {
    engine.reload();
    long start = nanoTime.getAsLong();
    while (!holds(engine, expected)) {
      if (nanoTime.getAsLong() - start > limit.toNanos() || !pause()) {
        return false;
      }
    }
    return true;
  }

  // An engine that does not answer while it reloads is asked again.
  private static boolean holds(DockerEngine.Running engine, Expected expected) {
    try {
      return expected.holds(engine.info());
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean pause() {
    try {
      Thread.sleep(BETWEEN);
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
