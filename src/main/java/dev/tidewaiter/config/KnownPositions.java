package dev.tidewaiter.config;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidewaiter.config.AdditionOrder.Position;
import dev.tidewaiter.model.Revision;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was found in the history of one revision, so that the loading of a later one on its line
/// reads no further back than to it. A revision has one history, so this never becomes wrong. Safe
/// for use by many threads.
public final class KnownPositions {
  @GuardedBy("this")
  private At newest = new At(null, Map.of());

  /// @param revision null before the first
  record At(@Nullable Revision revision, Map<String, Position.Known> positions) {
    At {
      positions = Map.copyOf(positions);
    }
  }

  synchronized At newest() {
    return newest;
  }

  /// Takes the place of what was known of another revision.
  synchronized void learn(Revision revision, Map<String, Position> found) {
    Map<String, Position.Known> positions = new HashMap<>();
    if (revision.equals(newest.revision())) {
      positions.putAll(newest.positions());
    }
    found.forEach(
        (name, position) -> {
          if (position instanceof Position.Known known) {
            positions.put(name, known);
          }
        });
    newest = new At(revision, positions);
  }
}
