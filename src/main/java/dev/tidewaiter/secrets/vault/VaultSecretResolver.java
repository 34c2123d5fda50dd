package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.secrets.SecretResolver;
import dev.tidewaiter.secrets.vault.PathReader.Reading;
import dev.tidewaiter.secrets.vault.PathReader.SecretPath;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Resolves references to Vault: one read for each distinct path and pinned version, at most eight
/// at a time, with one login for all.
///
/// What a path only lends is read once and kept until it is due: see [Loans]. A new process knows
/// nothing of what an older one was lent, and reads anew.
///
/// A round has a limit, after which no read is begun: minting and the next fetch wait behind it.
/// What is left over is unavailable, and goes on in the next round: see [ReadingOrder]. A read that
/// was begun is never cut off for that, since what it is lent would be lost.
public final class VaultSecretResolver implements SecretResolver, AutoCloseable {
  private static final int READS_AT_ONCE = 8;
  private static final String LEFT_OVER =
      "was slow, so that this path had no turn in this round. It has in one of the next";

  private final VaultWire wire;
  private final VaultSession session;
  private final PathReader reader;
  private final Restraints restraints;
  private final ReadingOrder order = new ReadingOrder();
  private final Duration limit;
  private final Returns returns;
  private final Loans loans;

  private VaultSecretResolver(
      VaultSettings settings,
      Backoff.Pace pace,
      InstantSource instants,
      PathReader.Leasing leasing) {
    this.limit = settings.roundLimit();
    this.wire = new VaultWire(settings);
    this.session = new VaultSession(settings.login(), wire, pace);
    this.reader = new PathReader(wire, leasing);
    this.restraints = new Restraints(pace);
    var calls = new LeaseCalls(wire, session, pace.nanos());
    this.returns = new Returns(calls, pace);
    this.loans = new Loans(calls, restraints, pace, instants, returns);
  }

  /// One for a daemon that keeps what it is lent.
  ///
  /// @param nanos a monotonic clock in nanoseconds
  /// @param instants the clock that leases are told by
  /// @param random for the jitter of back-off and leases; safe for use by many threads
  public VaultSecretResolver(
      VaultSettings settings, LongSupplier nanos, InstantSource instants, RandomGenerator random) {
    this(settings, pace(settings, nanos, random), instants, PathReader.Leasing.ALLOWED);
  }

  /// One that reads KV mounts only, and hence borrows nothing: for commands that only look.
  public static VaultSecretResolver withoutLeases(
      VaultSettings settings, LongSupplier nanos, InstantSource instants, RandomGenerator random) {
    return new VaultSecretResolver(
        settings, pace(settings, nanos, random), instants, PathReader.Leasing.FORBIDDEN);
  }

  private static Backoff.Pace pace(
      VaultSettings settings, LongSupplier nanos, RandomGenerator random) {
    return new Backoff.Pace(nanos, random, settings.longestPause());
  }

  @Override
  public synchronized Map<SecretReference, SecretLookup> resolve(Set<SecretReference> references) {
    Set<SecretPath> paths = new HashSet<>();
    for (SecretReference reference : references) {
      if (reference instanceof SecretReference.Vault vault) {
        paths.add(path(vault));
      }
    }
    returns.begin();
    Map<SecretPath, PathAnswer> answers = paths.isEmpty() ? Map.of() : answers(paths);
    Map<SecretReference, SecretLookup> lookups = new HashMap<>();
    for (SecretReference reference : references) {
      lookups.put(
          reference,
          switch (reference) {
            case SecretReference.Vault vault -> lookup(vault, answers);
            case SecretReference.File file ->
                new SecretLookup.Unavailable(file.path() + ": not a path of Vault.");
          });
    }
    giveBack();
    return lookups;
  }

  private SecretLookup lookup(
      SecretReference.Vault reference, Map<SecretPath, PathAnswer> answers) {
    SecretLookup lookup =
        answers
            .getOrDefault(path(reference), interrupted())
            .lookup(reference.path(), reference.key());
    if (lookup instanceof SecretLookup.Found(_, _, var lease) && lease != null) {
      returns.use(reference, lease.identity());
    }
    return lookup;
  }

  @Override
  public synchronized void promoted(Map<SecretReference, String> leases) {
    returns.promote(leases);
    giveBack();
  }

  private void giveBack() {
    if (returns.isDue()
        && restraints.remaining().isZero()
        && session.current() instanceof VaultSession.State.Open(Secret token)) {
      returns.carryOut(token);
    }
  }

  /// Ends what is under way. The token is left to expire: another instance may share it, and what
  /// was lent to it has been delivered.
  @Override
  public void close() {
    wire.close();
  }

  private static SecretPath path(SecretReference.Vault reference) {
    return new SecretPath(reference.path(), reference.version());
  }

  private Map<SecretPath, PathAnswer> answers(Set<SecretPath> paths) {
    long until = loans.now().nanos() + limit.toNanos();
    restraints.begin(paths);
    order.begin(paths);
    loans.forgetEnded();
    if (restraints.remaining().isPositive()) {
      return all(paths, waiting(restraints.remaining()));
    }
    return switch (session.current()) {
      case VaultSession.State.Closed(String reason) -> all(paths, reason);
      case VaultSession.State.Open(Secret token) -> readAll(token, until);
    };
  }

  private Map<SecretPath, PathAnswer> readAll(Secret token, long until) {
    Map<SecretPath, PathAnswer> answers = new ConcurrentHashMap<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < READS_AT_ONCE; i += 2) {
        threads.execute(() -> readWhile(order::nextQuick, token, until, answers));
        threads.execute(() -> readWhile(order::nextOther, token, until, answers));
      }
    }
    return answers;
  }

  private void readWhile(
      Supplier<Optional<SecretPath>> next,
      Secret token,
      long until,
      Map<SecretPath, PathAnswer> answers) {
    for (Optional<SecretPath> path = next.get(); path.isPresent(); path = next.get()) {
      answers.put(path.get(), read(token, path.get(), until));
    }
  }

  private PathAnswer read(Secret token, SecretPath path, long until) {
    if (Thread.currentThread().isInterrupted()) {
      return loans.orKept(path, interrupted());
    }
    if (loans.now().nanos() - until >= 0) {
      return loans.orKept(path, unavailable(path, LEFT_OVER));
    }
    long begun = loans.now().nanos();
    Optional<PathAnswer> undue = loans.findUndue(token, path);
    if (undue.isPresent()) {
      // It may have been looked up, which is a turn like any other.
      order.asked(path, Duration.ofNanos(loans.now().nanos() - begun));
      return undue.get();
    }
    Duration wait = restraints.remaining(path);
    if (wait.isPositive()) {
      return loans.orKept(path, unavailable(path, waiting(wait)));
    }
    PathAnswer answer =
        loans.renew(token, path).orElseGet(() -> loans.orKept(path, ask(token, path)));
    order.asked(path, Duration.ofNanos(loans.now().nanos() - begun));
    return answer;
  }

  private PathAnswer ask(Secret token, SecretPath path) {
    Secret used = token;
    Moment asked = loans.now();
    Reading reading = reader.read(used, path);
    if (isDenied(reading)) {
      switch (session.afterDenial(token, asked.nanos())) {
        case VaultSession.State.Closed(String reason) -> {
          return unavailable(path, reason);
        }
        case VaultSession.State.Open(Secret now) -> {
          if (!now.equals(token)) {
            used = now;
            asked = loans.now();
            reading = reader.read(used, path);
          }
        }
      }
    }
    restraints.record(path, reading.reply());
    if (!isDenied(reading) && reading.answer() instanceof PathAnswer.Read) {
      session.proven(used);
    }
    return loans.take(path, reading, used, asked);
  }

  private static boolean isDenied(Reading reading) {
    return reading.answer() instanceof PathAnswer.Without(SecretLookup.Denied _);
  }

  private Map<SecretPath, PathAnswer> all(Set<SecretPath> paths, String reason) {
    Map<SecretPath, PathAnswer> answers = new HashMap<>();
    paths.forEach(path -> answers.put(path, loans.orKept(path, unavailable(path, reason))));
    return answers;
  }

  private static String waiting(Duration left) {
    return "failed a moment ago and is asked again in %d s".formatted(left.toSeconds() + 1);
  }

  private static PathAnswer unavailable(SecretPath path, String predicate) {
    return new PathAnswer.Without(
        new SecretLookup.Unavailable(path.path() + ": Vault " + predicate + "."));
  }

  private static PathAnswer interrupted() {
    return new PathAnswer.Without(
        new SecretLookup.Unavailable("Vault was not asked: the daemon is stopping."));
  }
}
