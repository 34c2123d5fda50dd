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
  /// Source: [ECR](https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html),
  /// [Google](https://cloud.google.com/iam/docs/create-short-lived-credentials-direct).
  private static final Duration LONGEST_TOKEN = Duration.ofHours(12);

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

  /// The latest end of another one of this identity that may be believed, where somebody else could
  /// have written it down: minted just before this one ends, and living as long, or as long as
  /// Amazon's and Google's tokens do at most.
  public Instant credibleUntil() {
    Duration longest = life().compareTo(LONGEST_TOKEN) > 0 ? life() : LONGEST_TOKEN;
    return expiresAt.plus(longest);
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
