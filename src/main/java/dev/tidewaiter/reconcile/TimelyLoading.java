package dev.tidewaiter.reconcile;

import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.Loaded;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.source.SourceException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Loading within a time limit. A revision whose loading does not end in time is left to a thread
/// of its own, for as long as that takes, and the next one, which may heal it, is loaded beside it;
/// while that does not end either, none is.
final class TimelyLoading {
  private static final int LEFT_BEHIND = 1;

  private final Loading loading;
  private final Duration limit;
  private final AtomicLong lateEnds = new AtomicLong();
  private final Errands<Attempt, Loaded> errands;
  private volatile Runnable late = () -> {};

  TimelyLoading(Loading loading, Duration limit) {
    this.loading = loading;
    this.limit = limit;
    this.errands =
        new Errands<>(
            "load",
            LEFT_BEHIND + 1,
            () -> {
              lateEnds.incrementAndGet();
              late.run();
            });
  }

  /// @param before what was in force before it on its line; null for nothing
  private record Attempt(Revision revision, @Nullable Revision before) {}

  /// @param action called, from any thread, when the loading of a revision ended late
  void whenLate(Runnable action) {
    late = action;
  }

  /// How often the loading of a revision has ended late so far.
  long lateEnds() {
    return lateEnds.get();
  }

  /// @param inForce what was in force before it on its line; null for nothing
  /// @return empty if it takes longer
  /// @throws SourceException if the revision or its history could not be read
  Optional<Loaded> load(Revision revision, @Nullable InForce inForce) throws SourceException {
    var attempt = new Attempt(revision, inForce == null ? null : inForce.revision());
    Declarations before = inForce == null ? null : inForce.declarations();
    try {
      return errands.ask(attempt, () -> loading.load(revision, before), limit);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case SourceException unreadable -> throw unreadable;
        case RuntimeException defect -> throw defect;
        case Error defect -> throw defect;
        case null, default -> throw new IllegalStateException("loading throws nothing else", e);
      }
    }
  }
}
