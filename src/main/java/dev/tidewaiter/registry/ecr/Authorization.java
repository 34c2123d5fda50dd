package dev.tidewaiter.registry.ecr;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.registry.ReplyHeaders;
import dev.tidewaiter.registry.TokenAnswer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpResponse;

/// What ECR hands out: user name and password in the form of HTTP's Basic scheme.
///
/// Source:
/// [AuthorizationData](https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_AuthorizationData.html).
///
/// @param date of the reply; null if it does not say
record Authorization(@Nullable Secret basic, @Nullable Instant expiresAt, @Nullable Instant date) {

  static Authorization of(
      @Nullable String basic, @Nullable Instant expiresAt, SdkHttpResponse reply) {
    return new Authorization(
        basic == null ? null : Secret.of(basic),
        expiresAt,
        reply.firstMatchingHeader("Date").flatMap(ReplyHeaders::date).orElse(null));
  }

  /// A token that lives from the reply's date to its expiry, or why there is none.
  TokenAnswer answer(AwsFailures failures) {
    if (basic == null || expiresAt == null || date == null) {
      return failures.unavailable("AWS answers without a token, its expiry, or a date.");
    }
    Duration life = Duration.between(date, expiresAt);
    if (!life.isPositive()) {
      return failures.unavailable("AWS answers with a token that has expired.");
    }
    Optional<String> decoded = decoded(basic);
    int colon = decoded.map(text -> text.indexOf(':')).orElse(-1);
    return colon < 1
        ? failures.unavailable("AWS answers with a token in an unknown form.")
        : new TokenAnswer.Token(
            Secret.of(decoded.get().substring(0, colon)),
            Secret.of(decoded.get().substring(colon + 1)),
            life);
  }

  private static Optional<String> decoded(Secret basic) {
    try {
      byte[] bytes = Base64.getDecoder().decode(basic.reveal());
      return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
