package dev.tidewaiter.registry.ecr;

import dev.tidewaiter.model.PlainCause;
import dev.tidewaiter.registry.ReplyHeaders;
import dev.tidewaiter.registry.TokenAnswer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/// What the SDK's exceptions mean, by error code and status alone: their messages quote what AWS
/// says, and that quotes what was asked.
///
/// Source: [errors common to all
/// actions](https://docs.aws.amazon.com/AmazonECR/latest/APIReference/CommonErrors.html) and [those
/// of STS](https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html). The same error
/// has one name in JSON, with `Exception` at its end, and one in STS's XML, mostly without.
final class AwsFailures {
  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9.]{1,64}");

  /// Without `Exception` at the end.
  private static final Set<String> OF_THE_KEY =
      Set.of(
          "AuthFailure",
          "ExpiredToken",
          "IncompleteSignature",
          "InvalidAccessKeyId",
          "InvalidClientTokenId",
          "InvalidIdentityToken",
          "InvalidSignature",
          "InvalidToken",
          "MissingAuthenticationToken",
          "RequestExpired",
          "SignatureDoesNotMatch",
          "UnrecognizedClient");

  private final String identity;

  /// @param identity of the request, with which each reason begins
  AwsFailures(String identity) {
    this.identity = identity;
  }

  TokenAnswer of(String operation, SdkException failure) {
    return failure instanceof AwsServiceException answered
        ? answered(operation, answered)
        : unanswered(operation, failure);
  }

  TokenAnswer.Unavailable unavailable(String what) {
    return new TokenAnswer.Unavailable(identity + ": " + what, null);
  }

  TokenAnswer.Malformed malformed(String what) {
    return new TokenAnswer.Malformed(identity + ": " + what);
  }

  private TokenAnswer answered(String operation, AwsServiceException failure) {
    int status = failure.statusCode();
    Optional<String> code = code(failure);
    String reason =
        "%s: AWS answers %s to %s"
            .formatted(
                identity,
                code.map(known -> known + " (" + status + ")")
                    .orElse(status + " without an error code"),
                operation);
    if (failure.isThrottlingException() || status == 429 || status >= 500 || code.isEmpty()) {
      return new TokenAnswer.Unavailable(reason + ".", retryAfter(failure));
    }
    return OF_THE_KEY.contains(code.get().replaceFirst("Exception$", ""))
        ? new TokenAnswer.Malformed(
            reason + ": the key is not one that it knows, or the region is not enabled for it.")
        : new TokenAnswer.Denied(reason + ".");
  }

  private TokenAnswer unanswered(String operation, SdkException failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof Pace.Exceeded exceeded) {
      return new TokenAnswer.Unavailable(
          identity + ": too many requests wait for AWS already.", exceeded.retryAfter());
    }
    return unavailable(
        "AWS gives no usable answer to %s (%s).".formatted(operation, PlainCause.of(cause)));
  }

  // A proxy on the way answers in a form of its own, and without a code.
  private static Optional<String> code(AwsServiceException failure) {
    AwsErrorDetails details = failure.awsErrorDetails();
    String code = details == null ? null : details.errorCode();
    return Optional.ofNullable(code).filter(text -> CODE.matcher(text).matches());
  }

  private static @Nullable Duration retryAfter(AwsServiceException failure) {
    AwsErrorDetails details = failure.awsErrorDetails();
    if (details == null || details.sdkHttpResponse() == null) {
      return null;
    }
    return details
        .sdkHttpResponse()
        .firstMatchingHeader("Retry-After")
        .map(ReplyHeaders::retryAfter)
        .orElse(null);
  }
}
