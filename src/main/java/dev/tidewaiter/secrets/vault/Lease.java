package dev.tidewaiter.secrets.vault;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// For how long Vault lends something.
///
/// Source: [leases](https://developer.hashicorp.com/vault/docs/concepts/lease).
///
/// @param id names it to Vault; no secret, and yet never shown whole
/// @param since when it was asked for, or renewed last: hence never later than Vault counts from
/// @param ttl from then
/// @param full what it was granted first: a renewal that grants less has met the `max_ttl`
/// @param renewable whether a renewal would give it a whole life again
/// @param dueAt nanoseconds on the monotonic clock, after which it should be renewed or replaced
record Lease(String id, Moment since, Duration ttl, Duration full, boolean renewable, long dueAt) {
  private static final int SHOWN_DIGITS = 8;

  /// A new lease, in the words of Vault's answer.
  ///
  /// @param ttl positive
  record Grant(String id, Duration ttl, boolean renewable) {
    /// The lease that an answer carries; null if it carries none.
    static @Nullable Grant in(JsonNode body) {
      String id = body.path("lease_id").asString("");
      long seconds = body.path("lease_duration").asLong(0);
      return id.isEmpty() || seconds <= 0
          ? null
          : new Grant(id, Duration.ofSeconds(seconds), body.path("renewable").asBoolean(false));
    }

    @Override
    public String toString() {
      return "Grant[" + ttl + "]";
    }
  }

  /// @param since when it was asked for
  /// @param early how much earlier than half of its life it is due
  static Lease of(Grant grant, Moment since, Duration early) {
    return new Lease(
        grant.id(),
        since,
        grant.ttl(),
        grant.ttl(),
        grant.renewable(),
        half(since.nanos(), grant.ttl()) - early.toNanos());
  }

  /// The same after a renewal.
  Lease renewed(Grant grant, Moment asked, Duration early) {
    boolean whole = grant.ttl().compareTo(full) >= 0;
    return new Lease(
        id,
        asked,
        grant.ttl(),
        full,
        grant.renewable() && whole,
        half(asked.nanos(), grant.ttl()) - early.toNanos());
  }

  /// The same after a renewal was refused: due when half of what is left is over.
  Lease refused(long now) {
    return new Lease(id, since, ttl, full, false, now + (end() - now) / 2);
  }

  /// When it ends, on the monotonic clock.
  long end() {
    return since.nanos() + ttl.toNanos();
  }

  boolean isDue(long now) {
    return now - dueAt >= 0;
  }

  boolean hasEnded(long now) {
    return now - end() >= 0;
  }

  /// A few digits that tell this lease from others.
  String digest() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, SHOWN_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "Lease[" + digest() + ", " + ttl + " from " + since.instant() + "]";
  }

  private static long half(long since, Duration life) {
    return since + life.toNanos() / 2;
  }
}
