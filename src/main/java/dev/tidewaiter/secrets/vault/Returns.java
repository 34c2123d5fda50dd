package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.SecretReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which leases are given back, and when: one that a newer loan of its path took the place of, as
/// soon as every reference that was resolved to the newer one is in use everywhere. Never the
/// newest, never what is in use although a newer one was taken, and nothing at the end of the
/// process: what was delivered must live on.
///
/// Best effort: what cannot be given back ends by itself.
///
/// Safe for use by many threads.
final class Returns {
  private static final Logger LOG = LoggerFactory.getLogger(Returns.class);

  /// What giving back may take of a round, but for the last request: nothing waits for it.
  private static final Duration MOST_OF_A_ROUND = Duration.ofSeconds(10);

  private final LeaseCalls calls;
  private final LongSupplier nanos;
  private final Backoff backoff;
  private final Map<String, Path> paths = new HashMap<>();
  private final Deque<Due> due = new ArrayDeque<>();
  private long spent;

  Returns(LeaseCalls calls, Backoff.Pace pace) {
    this.calls = calls;
    this.nanos = pace.nanos();
    this.backoff = new Backoff(pace);
  }

  /// Begins a round.
  synchronized void begin() {
    spent = 0;
  }

  /// One path with its older leases, and who uses its newest.
  private static final class Path {
    private String newest = "";
    private final List<Lease> older = new ArrayList<>();
    private final Set<SecretReference.Vault> users = new HashSet<>();
    private final Set<SecretReference.Vault> promoted = new HashSet<>();
  }

  private record Due(String path, Lease lease) {}

  /// Learns that a newer loan took the place of this lease: it is not in use anywhere yet.
  synchronized void supersede(String path, Lease lease) {
    Path known = paths.computeIfAbsent(path, _ -> new Path());
    known.older.add(lease);
    known.users.clear();
    known.promoted.clear();
  }

  /// Learns that a reference was resolved to the newest loan of its path.
  ///
  /// @param identity of the loan
  synchronized void use(SecretReference.Vault reference, String identity) {
    Path known = paths.computeIfAbsent(reference.path(), _ -> new Path());
    known.newest = identity;
    known.users.add(reference);
  }

  /// Learns that what the references were resolved to is in use everywhere.
  ///
  /// @param identities of the loans. One that is not the newest of its path any more changes
  ///   nothing: it is among those that the newest takes the place of.
  synchronized void promote(Map<SecretReference, String> identities) {
    identities.forEach(
        (reference, identity) -> {
          if (reference instanceof SecretReference.Vault vault) {
            Path known = paths.get(vault.path());
            if (known != null && known.newest.equals(identity)) {
              promote(vault, known);
            }
          }
        });
  }

  private void promote(SecretReference.Vault reference, Path path) {
    path.promoted.add(reference);
    if (path.users.contains(reference) && path.promoted.containsAll(path.users)) {
      path.older.forEach(lease -> due.add(new Due(reference.path(), lease)));
      path.older.clear();
    }
  }

  /// Whether there is anything that may be given back now.
  synchronized boolean isDue() {
    return !due.isEmpty() && backoff.isDue() && spent < MOST_OF_A_ROUND.toNanos();
  }

  /// Gives back what is due, until Vault fails or the round has no more time for it.
  synchronized void carryOut(Secret token) {
    while (isDue()) {
      Due next = due.peek();
      long asked = nanos.getAsLong();
      LeaseCalls.Outcome outcome = calls.revoke(token, next.lease());
      spent += nanos.getAsLong() - asked;
      switch (outcome) {
        case LeaseCalls.Outcome.Done _ -> {
          backoff.succeeded();
          LOG.atInfo()
              .setMessage("vault lease revoked")
              .addKeyValue("path", next.path())
              .addKeyValue("lease", next.lease().digest())
              .log();
          due.remove();
        }
        case LeaseCalls.Outcome.Refused(int status) -> {
          LOG.atWarn()
              .setMessage("vault lease not revoked, it ends by itself")
              .addKeyValue("path", next.path())
              .addKeyValue("lease", next.lease().digest())
              .addKeyValue("reason", reason(status))
              .log();
          due.remove();
        }
        case LeaseCalls.Outcome.WithoutToken _ -> backoff.failed(null);
        case LeaseCalls.Outcome.Unknown(Reply.Answered answered) ->
            backoff.failed(answered.retryAfter());
        case LeaseCalls.Outcome.Unknown(Reply.Silence _) -> backoff.failed(null);
      }
    }
  }

  /// Forgets leases that have ended by themselves.
  synchronized void forgetEnded(long now) {
    due.removeIf(entry -> entry.lease().hasEnded(now));
    paths.values().forEach(path -> path.older.removeIf(lease -> lease.hasEnded(now)));
  }

  private static String reason(int status) {
    return status == 403
        ? "Vault denies it; grant `update` on `sys/leases/revoke` to the daemon's policy"
        : "Vault " + Replies.meaning(status);
  }
}
