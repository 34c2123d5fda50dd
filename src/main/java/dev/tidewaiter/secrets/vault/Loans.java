package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.secrets.vault.LeaseCalls.Outcome;
import dev.tidewaiter.secrets.vault.PathReader.Reading;
import dev.tidewaiter.secrets.vault.PathReader.SecretPath;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The newest loan of each path that Vault lends something at, kept until it is due.
///
/// - At half of its life it is renewed; if that is refused, or has met the `max_ttl`, the path is
///   read anew at half of what is left.
/// - When another token took the place of its owner, it is due at once, since it ends with the old.
/// - While Vault does not answer, it is good until its own end.
///
/// Safe for use by many threads, but for two that read the same path at once.
final class Loans {
  private static final Logger LOG = LoggerFactory.getLogger(Loans.class);

  /// How often Vault is asked whether a lease still is: somebody may have revoked it, or the token.
  private static final Duration BETWEEN_LOOK_UPS = Duration.ofMinutes(1);

  /// Half of a life is shortened by at most a tenth, so that many do not end in step.
  private static final int JITTER_OF_LIFE = 20;

  private final LeaseCalls calls;
  private final VaultSession session;
  private final Restraints restraints;
  private final Backoff.Pace pace;
  private final InstantSource instants;
  private final Returns returns;
  private final Map<String, Loan> newest = new ConcurrentHashMap<>();
  private final Map<String, Long> seen = new ConcurrentHashMap<>();
  private final Map<String, String> reported = new ConcurrentHashMap<>();

  Loans(
      LeaseCalls calls,
      Restraints restraints,
      Backoff.Pace pace,
      InstantSource instants,
      Returns returns) {
    this.calls = calls;
    this.session = calls.session();
    this.restraints = restraints;
    this.pace = pace;
    this.instants = instants;
    this.returns = returns;
  }

  Moment now() {
    return new Moment(pace.nanos().getAsLong(), instants.instant());
  }

  /// What is kept of a path, if nothing is to be done about it now.
  Optional<PathAnswer> findUndue(Secret token, SecretPath path) {
    return find(path)
        .filter(loan -> !isDue(loan) && isStillThere(token, path, loan))
        .map(this::answer);
  }

  /// What is kept of a path that is due, if Vault prolongs it or does not answer; empty if the path
  /// should be read anew.
  Optional<PathAnswer> renew(Secret token, SecretPath path) {
    Optional<Loan> kept = find(path).filter(loan -> isRenewable(loan, token));
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    Loan loan = kept.get();
    Moment asked = now();
    return switch (calls.renew(token, loan.lease())) {
      case Outcome.Done(Reply.Answered answered) -> {
        var grant = Lease.Grant.in(answered.body());
        yield Optional.of(
            keep(
                loan.with(
                    grant == null
                        ? loan.lease().refused(now().nanos())
                        : loan.lease().renewed(grant, asked, jitter(grant.ttl())))));
      }
      case Outcome.Refused(int status) -> refused(token, loan, status);
      case Outcome.WithoutToken _ -> Optional.empty();
      case Outcome.Unknown(Reply reply) -> {
        restraints.record(path, reply);
        yield Optional.of(orKept(path, unavailable(path, "does not renew the lease")));
      }
    };
  }

  private Optional<PathAnswer> refused(Secret token, Loan loan, int status) {
    LOG.atInfo()
        .setMessage("vault lease not renewed, the path will be read anew")
        .addKeyValue("path", loan.path())
        .addKeyValue("lease", loan.lease().digest())
        .addKeyValue("reason", "Vault " + Replies.meaning(status))
        .log();
    if (isGone(calls.lookUp(token, loan.lease()))) {
      forget(loan);
      return Optional.empty();
    }
    return Optional.of(keep(loan.with(loan.lease().refused(now().nanos()))));
  }

  /// Keeps what a read gave in the place of what was kept before.
  ///
  /// @param token with which it was read
  /// @param asked when
  PathAnswer take(SecretPath path, Reading reading, Secret token, Moment asked) {
    if (reading.grant() == null || !(reading.answer() instanceof PathAnswer.Read(var data, _, _))) {
      return reading.answer();
    }
    var lease = Lease.of(reading.grant(), asked, jitter(reading.grant().ttl()));
    var unknown = new TokenLife(token, asked.nanos(), Duration.ZERO, Duration.ZERO, false, false);
    var loan = new Loan(path.path(), data, lease, session.life(token).orElse(unknown));
    find(path).ifPresent(older -> returns.supersede(path.path(), older.lease()));
    LOG.atInfo()
        .setMessage("vault lease taken")
        .addKeyValue("path", path.path())
        .addKeyValue("lease", lease.digest())
        .addKeyValue("ttl", lease.ttl())
        .log();
    return keep(loan);
  }

  /// What is kept, as long as it is good, instead of an answer that gives nothing.
  PathAnswer orKept(SecretPath path, PathAnswer otherwise) {
    Optional<Loan> kept = find(path);
    if (kept.isEmpty() || !(otherwise instanceof PathAnswer.Without(SecretLookup lookup))) {
      return otherwise;
    }
    Loan loan = kept.get();
    String lease = loan.lease().id();
    if (isDue(loan) && !lease.equals(reported.put(loan.path(), lease))) {
      LOG.atWarn()
          .setMessage("vault lease due, but not prolonged or replaced")
          .addKeyValue("path", loan.path())
          .addKeyValue("lease", loan.lease().digest())
          .addKeyValue("reason", reason(lookup))
          .log();
    }
    return answer(loan);
  }

  /// Forgets what has ended.
  void forgetEnded() {
    newest.keySet().forEach(path -> find(new SecretPath(path, null)));
    seen.keySet().retainAll(newest.keySet());
    reported.keySet().retainAll(newest.keySet());
    returns.forgetEnded(pace.nanos().getAsLong());
  }

  private PathAnswer keep(Loan loan) {
    newest.put(loan.path(), loan);
    seen.put(loan.path(), pace.nanos().getAsLong());
    var path = new SecretPath(loan.path(), null);
    return find(path)
        .map(this::answer)
        .orElseGet(() -> unavailable(path, "lent it to a token that has ended meanwhile"));
  }

  // What is known of the owner changes with every renewal of the token.
  private Optional<Loan> find(SecretPath path) {
    Loan kept = path.version() == null ? newest.get(path.path()) : null;
    if (kept == null) {
      return Optional.empty();
    }
    Secret owner = kept.owner().token();
    Loan known = session.life(owner).map(kept::ownedBy).orElse(kept);
    newest.put(path.path(), known);
    if (session.hasLost(owner) || pace.nanos().getAsLong() - known.end(isKeeping(known)) >= 0) {
      newest.remove(path.path());
      return Optional.empty();
    }
    return Optional.of(known);
  }

  private boolean isDue(Loan loan) {
    return !isKeeping(loan) || loan.lease().isDue(pace.nanos().getAsLong());
  }

  private boolean isKeeping(Loan loan) {
    return session.life(loan.owner().token()).isPresent();
  }

  private boolean isRenewable(Loan loan, Secret token) {
    return loan.lease().renewable() && loan.owner().token().equals(token) && isKeeping(loan);
  }

  private boolean isStillThere(Secret token, SecretPath path, Loan loan) {
    long now = pace.nanos().getAsLong();
    Long last = seen.get(loan.path());
    if ((last != null && now - last < BETWEEN_LOOK_UPS.toNanos())
        || restraints.remaining(path).isPositive()) {
      return true;
    }
    seen.put(loan.path(), now);
    Outcome outcome = calls.lookUp(token, loan.lease());
    if (outcome instanceof Outcome.Unknown(Reply reply)) {
      restraints.record(path, reply);
    }
    if (isGone(outcome) || session.hasLost(loan.owner().token())) {
      forget(loan);
      return false;
    }
    return true;
  }

  private void forget(Loan loan) {
    newest.remove(loan.path());
    LOG.atWarn()
        .setMessage("vault lease is gone before its end")
        .addKeyValue("path", loan.path())
        .addKeyValue("lease", loan.lease().digest())
        .log();
  }

  private static boolean isGone(Outcome outcome) {
    return outcome instanceof Outcome.Refused(int status) && status == 400;
  }

  private PathAnswer answer(Loan loan) {
    return loan.answer(isKeeping(loan));
  }

  private Duration jitter(Duration life) {
    return Duration.ofNanos(pace.random().nextLong(life.toNanos() / JITTER_OF_LIFE));
  }

  private static String reason(SecretLookup lookup) {
    return switch (lookup) {
      case SecretLookup.Found found -> found.revision();
      case SecretLookup.Absent(String reason) -> reason;
      case SecretLookup.Denied(String reason) -> reason;
      case SecretLookup.Unavailable(String reason) -> reason;
    };
  }

  private static PathAnswer unavailable(SecretPath path, String predicate) {
    return new PathAnswer.Without(
        new SecretLookup.Unavailable(path.path() + ": Vault " + predicate + "."));
  }
}
