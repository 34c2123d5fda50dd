package dev.tidewaiter.sandbox;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// Mints tokens as Amazon and Google do, for whoever asks.
///
/// Source: the answers of
/// [ECR](https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html),
/// [ECR
/// Public](https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_GetAuthorizationToken.html),
/// [STS](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html) and
/// [Google](https://developers.google.com/identity/protocols/oauth2/service-account#authorizingrequests).
final class CloudStandIn {
  private static final String GOOGLE = "oauth2.googleapis.com";
  private static final String ECR = "api.ecr.eu-central-1.amazonaws.com";
  private static final String ECR_US = "api.ecr.us-east-1.amazonaws.com";
  private static final String ECR_PUBLIC = "api.ecr-public.us-east-1.amazonaws.com";
  private static final Duration LIFE_AT_AMAZON = Duration.ofHours(12);

  private final AtomicInteger minted = new AtomicInteger();

  /// The names that it answers to. STS has one for each region.
  static Stream<String> hosts() {
    return Stream.of(
        GOOGLE,
        ECR,
        ECR_US,
        ECR_PUBLIC,
        "sts.amazonaws.com",
        "sts.eu-central-1.amazonaws.com",
        "sts.us-east-1.amazonaws.com");
  }

  /// What Google knows a service account by, with a private key.
  static String tokenEndpoint() {
    return "https://" + GOOGLE + "/token";
  }

  void answer(String host, HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    String token = OutsideStandIn.TIDE + "-" + minted.incrementAndGet();
    switch (host) {
      case GOOGLE ->
          respond(
              exchange,
              "application/json",
              """
              {"access_token": "%s", "expires_in": 3599, "token_type": "Bearer"}
              """
                  .formatted(token));
      case ECR, ECR_US ->
          respond(
              exchange,
              "application/x-amz-json-1.1",
              "{\"authorizationData\": [%s]}".formatted(authorization(token)));
      case ECR_PUBLIC ->
          respond(
              exchange,
              "application/x-amz-json-1.1",
              "{\"authorizationData\": %s}".formatted(authorization(token)));
      default -> respond(exchange, "text/xml", session(token));
    }
  }

  private static String authorization(String token) {
    byte[] account = ("AWS:" + token).getBytes(StandardCharsets.UTF_8);
    return "{\"authorizationToken\": \"%s\", \"expiresAt\": %d}"
        .formatted(
            Base64.getEncoder().encodeToString(account),
            Instant.now().plus(LIFE_AT_AMAZON).getEpochSecond());
  }

  private static String session(String token) {
    return """
    <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
      <AssumeRoleResult>
        <AssumedRoleUser>
          <Arn>arn:aws:sts::123456789012:assumed-role/pull/tidewaiter</Arn>
          <AssumedRoleId>AROASANDBOX000000000:tidewaiter</AssumedRoleId>
        </AssumedRoleUser>
        <Credentials>
          <AccessKeyId>ASIASANDBOX000000000</AccessKeyId>
          <SecretAccessKey>%1$s</SecretAccessKey>
          <SessionToken>%1$s</SessionToken>
          <Expiration>%2$s</Expiration>
        </Credentials>
      </AssumeRoleResult>
      <ResponseMetadata><RequestId>%1$s</RequestId></ResponseMetadata>
    </AssumeRoleResponse>
    """
        .formatted(token, Instant.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS));
  }

  private static void respond(HttpExchange exchange, String type, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
