package dev.tidewaiter.reconcile;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Notices that another writer reverts what we write, and makes us correct that resource rarely.
///
/// A correction is a change that brings a resource to what it was brought to before. More than five
/// of one resource within a minute are a fight: it is then left alone for one minute, and after
/// each further correction for twice as long, up to ten. It is over when a cycle finds the resource
/// as it should be once the wait has passed.
final class Fights {
  private static final int CORRECTIONS = 5;
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final InstantSource clock;

  @GuardedBy("this")
  private final Map<ResourceId, Corrected> corrected = new HashMap<>();

  Fights(InstantSource clock) {
    this.clock = clock;
  }

  /// A change was applied that brought a resource to `desired`.
  synchronized void applied(Resource desired) {
    Instant now = clock.instant();
    Corrected entry = corrected.get(desired.id());
    if (entry == null || entry.isForgotten(now) || !entry.desired.equals(desired)) {
      corrected.put(desired.id(), new Corrected(desired, now));
    } else {
      entry.correctedAt(now);
    }
  }

  /// Resources that a cycle leaves alone now. What is long past is forgotten here, once in a cycle:
  /// with each change it would cost as much as there are resources.
  synchronized Set<ResourceId> leftAlone() {
    Instant now = clock.instant();
    corrected.values().removeIf(entry -> entry.isForgotten(now));
    var ids = new TreeSet<ResourceId>();
    corrected.forEach(
        (id, entry) -> {
          if (entry.isLeftAlone(now)) {
            ids.add(id);
          }
        });
    return ids;
  }

  /// A cycle found these as they should be.
  synchronized void unchanged(Iterable<ResourceId> ids) {
    Instant now = clock.instant();
    for (ResourceId id : ids) {
      Corrected entry = corrected.get(id);
      if (entry != null && entry.until != null && !entry.isLeftAlone(now)) {
        corrected.remove(id);
      }
    }
  }

  private static final class Corrected {
    private final Resource desired;
    private final Deque<Instant> corrections = new ArrayDeque<>();
    private Instant lastAt;
    private Duration pause = WINDOW;
    private @Nullable Instant until;

    Corrected(Resource desired, Instant now) {
      this.desired = desired;
      this.lastAt = now;
    }

    void correctedAt(Instant now) {
      lastAt = now;
      corrections.add(now);
      corrections.removeIf(at -> at.isBefore(now.minus(WINDOW)));
      if (until != null) {
        pause = pause.multipliedBy(2).compareTo(LONGEST) < 0 ? pause.multipliedBy(2) : LONGEST;
        until = now.plus(pause);
      } else if (corrections.size() > CORRECTIONS) {
        until = now.plus(pause);
      }
    }

    boolean isLeftAlone(Instant now) {
      return until != null && now.isBefore(until);
    }

    boolean isForgotten(Instant now) {
      return until == null && lastAt.isBefore(now.minus(WINDOW));
    }
  }
}
