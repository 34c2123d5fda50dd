package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.Secret;
import java.time.Duration;
import java.util.OptionalLong;

/// A token and how long it lives, on the monotonic clock.
///
/// @param since nanoseconds at which it was asked for, hence never later than it was given
/// @param ttl from then; zero for a token that does not expire
/// @param full what it was given at first: a renewal that grants much less has met the token's
///   `max_ttl`
/// @param renewable whether Vault said so
/// @param verified whether Vault has answered what this token is, so that a later refusal of the
///   same question means that the token is dead
record TokenLife(
    Secret token, long since, Duration ttl, Duration full, boolean renewable, boolean verified) {

  boolean hasExpired(long now) {
    return !ttl.isZero() && now - since >= ttl.toNanos();
  }

  /// Whether two thirds of its life are over.
  boolean isDue(long now) {
    return !ttl.isZero() && now - since >= ttl.toNanos() / 3 * 2;
  }

  /// When it ends, on the monotonic clock, if nobody renews it any more; empty if it does not.
  OptionalLong end() {
    return ttl.isZero() ? OptionalLong.empty() : OptionalLong.of(since + ttl.toNanos());
  }

  /// Whether a renewal would give it a worthwhile life again.
  boolean isWorthRenewing() {
    return renewable && ttl.multipliedBy(2).compareTo(full) >= 0;
  }

  TokenLife renewed(long asked, Duration granted, boolean again) {
    return new TokenLife(token, asked, granted, full, again, verified);
  }

  TokenLife withoutRenewal() {
    return new TokenLife(token, since, ttl, full, false, verified);
  }
}
