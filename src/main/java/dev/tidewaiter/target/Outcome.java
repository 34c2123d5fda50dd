package dev.tidewaiter.target;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What came of carrying out one change.
public sealed interface Outcome {
  /// It was carried out, and the target holds it.
  record Applied() implements Outcome {}

  /// There was nothing to do, for instance because the namespace is going away.
  record Unchanged(String reason) implements Outcome {}

  /// It could not be carried out.
  ///
  /// @param reason one word in PascalCase from [FailureReason]
  /// @param detail one sentence for people, without secrets and without a response body that could
  ///   quote one
  /// @param retryAfter what the server asked for; null if it did not
  record Failed(FailureReason reason, String detail, @Nullable Duration retryAfter)
      implements Outcome {}

  /// Why a change failed.
  enum FailureReason {
    /// 403 "exceeded quota".
    QuotaExceeded,
    /// Any other 403; the detail names verb and resource.
    AccessDenied,
    /// The object says `immutable: true`; it is never deleted and created again.
    Immutable,
    /// Something that is not ours, or another type, stands in our place.
    Conflict,
    /// More than 900 KiB; the old one stays.
    TooLarge,
    /// The target did not answer, or asked to come back later.
    Unavailable,
    /// The target refused it as malformed.
    Rejected,
    /// The runtime did not show what was written; it was rolled back.
    NotEffective,
    /// A precondition of the host is not met; nothing was written.
    Unsafe
  }
}
