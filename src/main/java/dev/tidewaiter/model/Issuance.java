package dev.tidewaiter.model;

import java.time.Duration;
import java.time.Instant;

/// From when to when a credential that somebody minted is good, by the daemon's clock.
///
/// The two are the daemon's own times: the life is the issuer's expiry minus the date of its reply,
/// counted from the moment the request was sent, so that clocks which differ shorten nothing and
/// prolong nothing.
///
/// @param identity names, without any secret, for whom and by whom it was minted: two credentials
///   of one identity give the same access
public record Issuance(String identity, Instant issuedAt, Instant expiresAt) {
  public Issuance {
    if (!expiresAt.isAfter(issuedAt)) {
      throw new IllegalArgumentException("expires before it is issued: " + identity);
    }
  }

  public Duration life() {
    return Duration.between(issuedAt, expiresAt);
  }

  /// When half of its life is over: a new one should be there by then.
  public Instant halfLife() {
    return issuedAt.plus(life().dividedBy(2));
  }

  /// The earliest end of an older one that need not be replaced by this: a twentieth of its life
  /// before its own.
  ///
  /// Two processes that keep no common state then do not overwrite each other's tokens in turn; a
  /// refresh at half of the life is always later than that.
  public Instant asGoodFrom() {
    return expiresAt.minus(life().dividedBy(20));
  }
}
