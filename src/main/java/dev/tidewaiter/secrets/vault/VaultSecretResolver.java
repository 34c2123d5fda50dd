package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.secrets.SecretResolver;
import dev.tidewaiter.secrets.vault.KvReader.Reading;
import dev.tidewaiter.secrets.vault.KvReader.SecretPath;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Resolves references to Vault: one read for each distinct path and pinned version, at most eight
/// at a time, with one login for all.
///
/// Only KV mounts are read, so no read takes out a lease.
public final class VaultSecretResolver implements SecretResolver, AutoCloseable {
  private static final int READS_AT_ONCE = 8;

  private final LongSupplier nanos;
  private final VaultWire wire;
  private final VaultSession session;
  private final KvReader reader;
  private final Restraints restraints;

  /// @param nanos a monotonic clock in nanoseconds
  /// @param random for the jitter of the back-off; safe for use by many threads
  public VaultSecretResolver(VaultSettings settings, LongSupplier nanos, RandomGenerator random) {
    this.nanos = nanos;
    this.wire = new VaultWire(settings);
    var pace = new Backoff.Pace(nanos, random, settings.longestPause());
    this.session = new VaultSession(settings.login(), wire, pace);
    this.reader = new KvReader(wire);
    this.restraints = new Restraints(pace);
  }

  @Override
  public Map<SecretReference, SecretLookup> resolve(Set<SecretReference> references) {
    Set<SecretPath> paths = new HashSet<>();
    for (SecretReference reference : references) {
      if (reference instanceof SecretReference.Vault vault) {
        paths.add(path(vault));
      }
    }
    Map<SecretPath, PathAnswer> answers = paths.isEmpty() ? Map.of() : answers(paths);
    Map<SecretReference, SecretLookup> lookups = new HashMap<>();
    for (SecretReference reference : references) {
      lookups.put(
          reference,
          switch (reference) {
            case SecretReference.Vault vault ->
                answers.getOrDefault(path(vault), interrupted()).lookup(vault.path(), vault.key());
            case SecretReference.File file ->
                new SecretLookup.Unavailable(file.path() + ": not a path of Vault.");
          });
    }
    return lookups;
  }

  /// Ends what is under way. The token is left to expire: another instance may share it.
  @Override
  public void close() {
    wire.close();
  }

  private static SecretPath path(SecretReference.Vault reference) {
    return new SecretPath(reference.path(), reference.version());
  }

  private Map<SecretPath, PathAnswer> answers(Set<SecretPath> paths) {
    restraints.begin(paths);
    if (restraints.remaining().isPositive()) {
      return all(paths, waiting(restraints.remaining()));
    }
    return switch (session.current()) {
      case VaultSession.State.Closed(String reason) -> all(paths, reason);
      case VaultSession.State.Open(Secret token) -> readAll(token, paths);
    };
  }

  private Map<SecretPath, PathAnswer> readAll(Secret token, Set<SecretPath> paths) {
    Map<SecretPath, PathAnswer> answers = new ConcurrentHashMap<>();
    var permits = new Semaphore(READS_AT_ONCE);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (SecretPath path : paths) {
        threads.execute(
            () -> {
              permits.acquireUninterruptibly();
              try {
                answers.put(path, read(token, path));
              } finally {
                permits.release();
              }
            });
      }
    }
    return answers;
  }

  private PathAnswer read(Secret token, SecretPath path) {
    if (Thread.currentThread().isInterrupted()) {
      return interrupted();
    }
    Duration wait = restraints.remaining(path);
    if (wait.isPositive()) {
      return unavailable(path, waiting(wait));
    }
    long sent = nanos.getAsLong();
    Reading reading = reader.read(token, path);
    if (isDenied(reading)) {
      switch (session.afterDenial(token, sent)) {
        case VaultSession.State.Closed(String reason) -> {
          return unavailable(path, reason);
        }
        case VaultSession.State.Open(Secret now) -> {
          if (!now.equals(token)) {
            reading = reader.read(now, path);
          }
        }
      }
    }
    restraints.record(path, reading.reply());
    if (!isDenied(reading) && reading.answer() instanceof PathAnswer.Read) {
      session.proven(token);
    }
    return reading.answer();
  }

  private static boolean isDenied(Reading reading) {
    return reading.answer() instanceof PathAnswer.Without(SecretLookup.Denied _);
  }

  private static Map<SecretPath, PathAnswer> all(Set<SecretPath> paths, String reason) {
    Map<SecretPath, PathAnswer> answers = new HashMap<>();
    paths.forEach(path -> answers.put(path, unavailable(path, reason)));
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
