package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.secrets.vault.PathReader.SecretPath;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What may not be asked of Vault yet: everything after a failure that every request would meet,
/// one path after a failure of its own.
final class Restraints {
  /// So many paths that time out in one round, with no answer in between, are Vault's failure.
  private static final int TIMEOUTS_OF_AN_OUTAGE = 8;

  private final Backoff.Pace pace;
  private final Backoff server;
  private final Map<SecretPath, Backoff> paths = new ConcurrentHashMap<>();
  private final AtomicInteger timeouts = new AtomicInteger();

  Restraints(Backoff.Pace pace) {
    this.pace = pace;
    this.server = new Backoff(pace);
  }

  /// Begins a round, and forgets paths that nobody refers to any more.
  void begin(Set<SecretPath> wanted) {
    timeouts.set(0);
    paths.keySet().retainAll(wanted);
  }

  /// How long everything waits.
  Duration remaining() {
    return server.remaining();
  }

  /// How long this path waits, for whichever reason.
  Duration remaining(SecretPath path) {
    Backoff own = paths.get(path);
    Duration whole = server.remaining();
    return own == null || own.remaining().compareTo(whole) < 0 ? whole : own.remaining();
  }

  /// Learns from what came of one read.
  ///
  /// @param reply null if nothing was asked
  void record(SecretPath path, @Nullable Reply reply) {
    switch (reply) {
      case null -> {}
      case Reply.Silence silence -> silent(path, silence);
      case Reply.Answered answered -> answered(path, answered);
    }
  }

  private void silent(SecretPath path, Reply.Silence silence) {
    boolean outage =
        silence == Reply.Silence.TIMED_OUT && timeouts.incrementAndGet() >= TIMEOUTS_OF_AN_OUTAGE;
    (outage || silence.concernsAll() ? server : of(path)).failed(null);
  }

  private void answered(SecretPath path, Reply.Answered answered) {
    if (Replies.concernsAll(answered)) {
      server.failed(answered.retryAfter());
    } else if (answered.status() == 429 || answered.status() >= 500 || answered.status() == 412) {
      of(path).failed(answered.retryAfter());
    } else {
      timeouts.set(0);
      server.succeeded();
      paths.remove(path);
    }
  }

  private Backoff of(SecretPath path) {
    return paths.computeIfAbsent(path, _ -> new Backoff(pace));
  }
}
