package dev.tidewaiter.registry;

import dev.tidewaiter.model.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a cloud says to a request for a token. Reasons are for people: they name the identity and
/// the cloud's error code, and never quote a body.
public sealed interface TokenAnswer {
  /// There is one.
  ///
  /// @param life the cloud's expiry minus the date of its reply; positive
  record Token(Secret username, Secret password, Duration life) implements TokenAnswer {}

  /// The cloud knows us and says no: a missing permission, a role that may not be assumed.
  record Denied(String reason) implements TokenAnswer {}

  /// The key cannot be one, or the cloud does not know it: expired, deleted, damaged.
  record Malformed(String reason) implements TokenAnswer {}

  /// No usable answer: a time-out, throttling, 5xx, no identity found on this machine.
  ///
  /// @param retryAfter how long the cloud asks to be left alone; null if it does not say
  record Unavailable(String reason, @Nullable Duration retryAfter) implements TokenAnswer {}
}
