package dev.tidewaiter.registry.google;

import dev.tidewaiter.registry.TokenAnswer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What Google's refusals mean, by status and error code.
///
/// Source: [OAuth 2.0 for service accounts, error
/// codes](https://developers.google.com/identity/protocols/oauth2/service-account), [RFC 6749,
/// 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2).
final class GoogleFailures {
  /// A clock that is further off explains why an assertion is refused: it is good for an hour, from
  /// not later than now.
  private static final Duration CLOCKS_AGREE = Duration.ofMinutes(5);

  private final String identity;
  private final InstantSource clock;

  /// @param identity of the request, with which each reason begins
  /// @param clock with which assertions are signed
  GoogleFailures(String identity, InstantSource clock) {
    this.identity = identity;
    this.clock = clock;
  }

  TokenAnswer.Unavailable unavailable(String what) {
    return new TokenAnswer.Unavailable(identity + ": " + what, null);
  }

  TokenAnswer.Malformed malformed(String what) {
    return new TokenAnswer.Malformed(identity + ": " + what);
  }

  /// @param reply the last; null if there was none
  TokenAnswer of(@Nullable GoogleReply reply) {
    if (reply == null) {
      return unavailable("Google gives no answer.");
    }
    int status = reply.getStatusCode();
    Optional<String> code = reply.errorCode();
    String reason =
        "Google answers "
            + code.map(known -> known + " (" + status + ")")
                .orElse(status + " without an error code");
    if (status < 400) {
      return unavailable("Google answers " + status + " without a token.");
    }
    if (status == 429 || status >= 500 || code.isEmpty()) {
      return new TokenAnswer.Unavailable(identity + ": " + reason + ".", reply.retryAfter());
    }
    return switch (code.get()) {
      case "invalid_grant" -> refusedAssertion(reply, reason);
      case "invalid_client", "disabled_client", "deleted_client" ->
          malformed(reason + ": the account or its key is deleted or disabled.");
      case "temporarily_unavailable", "rate_limit_exceeded", "slow_down", "RESOURCE_EXHAUSTED" ->
          new TokenAnswer.Unavailable(identity + ": " + reason + ".", reply.retryAfter());
      default -> new TokenAnswer.Denied(identity + ": " + reason + ".");
    };
  }

  private TokenAnswer refusedAssertion(GoogleReply reply, String reason) {
    Duration off =
        reply.date().map(date -> Duration.between(date, clock.instant())).orElse(Duration.ZERO);
    return off.abs().compareTo(CLOCKS_AGREE) > 0
        ? unavailable(
            "%s: the clock of this machine is %d minutes %s Google's. Set it."
                .formatted(reason, off.abs().toMinutes(), off.isNegative() ? "behind" : "ahead of"))
        : malformed(reason + ": the account or its key is deleted or disabled.");
  }
}
