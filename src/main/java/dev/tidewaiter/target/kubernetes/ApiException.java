package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.model.PlainCause;
import dev.tidewaiter.target.TargetException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The API server did not answer, or answered something else than was asked for.
final class ApiException extends Exception {
  private static final long serialVersionUID = 1L;

  private static final int UNCONNECTED = -1;
  private static final int TOO_LARGE = -2;

  /// HTTP status of the answer; 0 for none, and less than that as above.
  private final int code;

  private final @Nullable Duration retryAfter;

  private ApiException(
      String message, int code, @Nullable Duration retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /// @param what verb and resource, such as `list secrets`
  static ApiException refused(String what, int code, String reason, @Nullable Duration retryAfter) {
    return new ApiException(
        what + ": answered " + code + (reason.isEmpty() ? "" : " " + reason),
        code,
        retryAfter,
        null);
  }

  static ApiException unanswered(String what, Throwable cause) {
    return new ApiException(what + ": no answer (" + PlainCause.of(cause) + ")", 0, null, cause);
  }

  /// @param most how many bytes are taken
  static ApiException tooLarge(String what, int most) {
    return new ApiException(
        "%s: the answer has more than %d MiB".formatted(what, most >> 20), TOO_LARGE, null, null);
  }

  /// Nothing was sent, for want of something on our side.
  static ApiException unconnected(String what, Throwable cause) {
    return new ApiException(what + ": " + cause.getMessage(), UNCONNECTED, null, cause);
  }

  /// What this means to whoever observes the target.
  TargetException at(String target) {
    return new TargetException(target + ": cannot " + getMessage() + ".", isDenied(), this);
  }

  /// Whether to wait a little is no use: somebody has to mend something on our side.
  boolean isUnconnected() {
    return code == UNCONNECTED;
  }

  /// Whether we may not do this, as opposed to not now.
  boolean isDenied() {
    return code == 401 || code == 403;
  }

  /// Whether we are known, and may not do this.
  boolean isForbidden() {
    return code == 403;
  }

  /// Whether there was an answer, of more bytes than are taken.
  boolean isTooLarge() {
    return code == TOO_LARGE;
  }

  /// Whether there was no answer in time.
  boolean isLate() {
    return getCause() instanceof TimeoutException;
  }

  /// Whether the version to go on from is too old: only a new list helps.
  ///
  /// Source: [API
  /// concepts](https://kubernetes.io/docs/reference/using-api/api-concepts/#410-gone-responses).
  boolean isGone() {
    return code == 410;
  }

  /// Whether a watch ended in its time, which is no trouble.
  boolean isEnd() {
    return code == 0 && getCause() == null;
  }

  @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
