package dev.tidewaiter.registry;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The credential that serves a registry, as far as it is remembered across a restart: what tells
/// whether another is the same, and no secret.
///
/// @param digest of user name, password and e-mail
/// @param source of the declared source it came from
/// @param identity for what it was minted; empty for a long-lived one
/// @param expiresAt null for a long-lived one
/// @param proven of the question that the registry answered with yes; empty for none
record Promoted(
    String digest, String source, String identity, @Nullable Instant expiresAt, String proven) {

  boolean isOver(Instant now) {
    return expiresAt != null && !expiresAt.isAfter(now);
  }

  Promoted provenBy(String question) {
    return new Promoted(digest, source, identity, expiresAt, question);
  }

  Promoted from(String other) {
    return new Promoted(digest, other, identity, expiresAt, proven);
  }

  Promoted until(@Nullable Instant end) {
    return new Promoted(digest, source, identity, end, proven);
  }

  /// A new credential that is not promoted yet.
  ///
  /// @param since when it was first seen
  /// @param refused whether the registry said no to it, and has not said yes since
  record Waiting(String digest, Instant since, boolean refused) {
    Waiting afterRefusal() {
      return new Waiting(digest, since, true);
    }
  }
}
