package dev.tidewaiter.reconcile;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidewaiter.target.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What is remembered of the scopes of one environment on one target: which is being changed, by
/// which cycle it was changed last, and which does not get better and is spared for a while.
final class Scopes {
  private static final Duration LONGEST_QUOTA_PAUSE = Duration.ofMinutes(10);

  private final InstantSource clock;
  private final RandomGenerator random;
  private final AtomicLong stamps = new AtomicLong();

  @GuardedBy("this")
  private final Map<String, Scope> scopes = new HashMap<>();

  Scopes(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /// A number for a cycle that begins: greater than those of all that began before.
  long stamp() {
    return stamps.incrementAndGet();
  }

  synchronized Scope of(String name) {
    return scopes.computeIfAbsent(name, _ -> new Scope());
  }

  /// One namespace or runtime. Its fields are used under its lock.
  final class Scope {
    final ReentrantLock lock = new ReentrantLock();
    private long changedBy;
    private boolean complete = true;
    private int failures;
    private Outcome.@Nullable Failed last;
    private Instant sparedUntil = Instant.MIN;

    /// Whether a cycle that began later has been here, so that what an older one planned is stale.
    boolean isNewerThan(long stamp) {
      return changedBy > stamp;
    }

    /// Why nothing is tried here now; null if it is.
    Outcome.@Nullable Failed spared() {
      return clock.instant().isBefore(sparedUntil) ? last : null;
    }

    /// Whether the last cycle here did all that it meant to.
    boolean isComplete() {
      return complete;
    }

    void changed(long stamp, List<Result> results) {
      // A cycle comes here once in each of its stages.
      complete = (complete || stamp > changedBy) && results.stream().allMatch(Result::isDone);
      changedBy = Math.max(changedBy, stamp);
    }

    void recovered() {
      failures = 0;
      sparedUntil = Instant.MIN;
    }

    void failed(Outcome.Failed outcome) {
      failures++;
      last = outcome;
      Retries retries =
          outcome.reason() == Outcome.FailureReason.QuotaExceeded
              ? new Retries(Integer.MAX_VALUE, Duration.ofSeconds(10), LONGEST_QUOTA_PAUSE)
              : Retries.OF_SCOPES;
      Duration pause = retries.waitAfter(failures, random);
      Duration asked = outcome.retryAfter();
      sparedUntil =
          clock.instant().plus(asked != null && asked.compareTo(pause) > 0 ? asked : pause);
    }
  }
}
