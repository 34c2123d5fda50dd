package dev.tidewaiter.registry;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.registry.PromotionRule.Older;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What serves one registry, and what waits to do so.
final class Serving {
  private final Timing timing;
  private @Nullable Promoted promoted;
  private Promoted.@Nullable Waiting waiting;
  // Known only in the process that promoted it, or has seen it again.
  private @Nullable Credential credential;
  private long endsAt;

  Serving(PromotionFile.Entry kept, Timing timing) {
    this.timing = timing;
    this.promoted = kept.promoted();
    this.waiting = kept.waiting();
  }

  PromotionFile.Entry entry() {
    return new PromotionFile.Entry(promoted, waiting);
  }

  @Nullable Promoted promoted() {
    return promoted;
  }

  /// Finds the promoted credential again among what is known now.
  void recall(Claim claim, Digests digests) {
    Credential earlier = claim.earlier();
    if (credential == null && earlier != null && isPromoted(digest(claim, earlier, digests))) {
      know(earlier);
    }
    Credential candidate = claim.credential();
    Promoted kept = promoted;
    if (kept != null && candidate != null && isPromoted(digest(claim, candidate, digests))) {
      promoted = kept.from(source(claim, digests));
      know(candidate);
      waiting = null;
    }
  }

  static String digest(Claim claim, Credential credential, Digests digests) {
    return digests.of("credential " + claim.key(), credential.sealable());
  }

  static String source(Claim claim, Digests digests) {
    return digests.of("source " + claim.key() + " " + claim.wanted().source());
  }

  // A renewed lease has the same value and another end.
  private void know(Credential known) {
    Credential before = credential;
    if (before == null || !Objects.equals(before.issuance(), known.issuance())) {
      Issuance issuance = known.issuance();
      credential = known;
      if (issuance != null) {
        endsAt = timing.in(Duration.between(timing.clock().instant(), issuance.expiresAt()));
      }
    }
    Promoted kept = promoted;
    if (kept != null) {
      promoted = kept.until(end(known));
    }
  }

  void promote(Credential next, String digest, String source, String proven) {
    promoted = new Promoted(digest, source, Claim.identity(next), end(next), proven);
    credential = null;
    waiting = null;
    know(next);
  }

  void proven(String question) {
    Promoted kept = promoted;
    if (kept != null) {
      promoted = kept.provenBy(question);
    }
  }

  boolean isPromoted(String digest) {
    return promoted != null && promoted.digest().equals(digest);
  }

  boolean isProven(String question) {
    return promoted != null && promoted.proven().equals(question);
  }

  boolean isOf(String source) {
    return promoted != null && promoted.source().equals(source);
  }

  boolean isOfIdentity(String identity) {
    return promoted != null && !identity.isEmpty() && promoted.identity().equals(identity);
  }

  /// The credential that serves, unless it has ended or is not known here.
  @Nullable Credential credential() {
    Credential known = credential;
    return known == null || (known.issuance() != null && timing.isOver(endsAt)) ? null : known;
  }

  Older older() {
    if (credential() != null) {
      return Older.SERVING;
    }
    return promoted == null || credential != null || promoted.isOver(timing.clock().instant())
        ? Older.NONE
        : Older.UNKNOWN;
  }

  /// Since when this one waits; from now on, if another did or none. A moment in the future, which
  /// a clock that was set back leaves, counts as now.
  Instant waitsSince(String digest) {
    Instant now = timing.clock().instant();
    Promoted.Waiting before = waiting;
    if (before != null && before.digest().equals(digest) && !before.since().isAfter(now)) {
      return before.since();
    }
    waiting = new Promoted.Waiting(digest, now, isRefused(digest));
    return now;
  }

  /// The registry said no to the one that waits.
  void refused() {
    Promoted.Waiting before = waiting;
    if (before != null) {
      waiting = before.afterRefusal();
    }
  }

  /// Whether the registry said no to this one, and has not said yes since.
  boolean isRefused(String digest) {
    return waiting != null && waiting.digest().equals(digest) && waiting.refused();
  }

  private static @Nullable Instant end(Credential credential) {
    Issuance issuance = credential.issuance();
    return issuance == null ? null : issuance.expiresAt();
  }
}
