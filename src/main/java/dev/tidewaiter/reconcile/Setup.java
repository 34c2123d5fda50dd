package dev.tidewaiter.reconcile;

import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.plan.Change;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// What all cycles of a daemon share.
///
/// @param instance the daemon's name, for the audit record
/// @param nanos monotonic, in nanoseconds
/// @param random safe for use by many threads
/// @param concurrency how many changes are at work at a time on one target; how many requests are
///   out is the target's own bound
/// @param longestSilence how long a scope may give no answer before its application counts as
///   hanging
public record Setup(
    String instance,
    Sealer sealer,
    AuditLog audit,
    InstantSource clock,
    LongSupplier nanos,
    RandomGenerator random,
    Stop stop,
    Retries retries,
    int concurrency,
    Duration longestSilence) {

  /// With the numbers of the product: 96 changes at a time, so that a target always has the next
  /// request ready; half a minute without an answer, which is more than any single request takes.
  public Setup(
      String instance,
      Sealer sealer,
      AuditLog audit,
      InstantSource clock,
      LongSupplier nanos,
      RandomGenerator random,
      Stop stop) {
    this(
        instance,
        sealer,
        audit,
        clock,
        nanos,
        random,
        stop,
        Retries.OF_CHANGES,
        96,
        Duration.ofSeconds(30));
  }

  AuditRecord auditOf(Run run, Change change) {
    return AuditRecord.of(clock.instant(), instance, run, change);
  }
}
