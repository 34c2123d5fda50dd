package dev.tidewaiter.registry.ecr;

import dev.tidewaiter.registry.TokenAnswer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecrpublic.EcrPublicClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/// The requests of one mint, each by a client of its own: none outlives the mint, and neither does
/// what it learned.
final class AwsCall {
  /// What the SDK would read from a person's home is not the daemon's.
  static final ProfileFile NO_PROFILES = ProfileFile.aggregator().build();

  private final Scope scope;
  private final AwsEndpoints endpoints;
  private final SdkHttpClient http;
  private final AwsFailures failures;

  AwsCall(Scope scope, AwsEndpoints endpoints, SdkHttpClient http, AwsFailures failures) {
    this.scope = scope;
    this.endpoints = endpoints;
    this.http = http;
    this.failures = failures;
  }

  /// @param fips whether the endpoints of validated cryptography are asked
  record Scope(Region region, boolean fips) {}

  Attempt<TokenAnswer> ecrToken(AwsCredentials as) {
    var builder = EcrClient.builder().endpointOverride(endpoints.ecr());
    try (var client = configured(builder, scope.region(), provider(as)).build()) {
      return attempt(
          "GetAuthorizationToken",
          () -> {
            var response = client.getAuthorizationToken();
            return response.authorizationData().stream()
                .findFirst()
                .map(
                    data ->
                        Authorization.of(
                            data.authorizationToken(),
                            data.expiresAt(),
                            response.sdkHttpResponse()))
                .map(found -> found.answer(failures))
                .orElseGet(() -> failures.unavailable("AWS answers without a token."));
          });
    }
  }

  Attempt<TokenAnswer> ecrPublicToken(AwsCredentials as) {
    var builder = EcrPublicClient.builder().endpointOverride(endpoints.ecrPublic());
    try (var client = configured(builder, scope.region(), provider(as)).build()) {
      return attempt(
          "GetAuthorizationToken of ECR Public",
          () -> {
            var response = client.getAuthorizationToken(request -> {});
            var data = response.authorizationData();
            return data == null
                ? failures.unavailable("AWS answers without a token.")
                : Authorization.of(
                        data.authorizationToken(), data.expiresAt(), response.sdkHttpResponse())
                    .answer(failures);
          });
    }
  }

  /// A session in a role, which lives longer than this call.
  Attempt<AwsCredentials> assume(AwsCredentials as, Role role) {
    var builder = StsClient.builder().endpointOverride(endpoints.sts());
    try (var client = configured(builder, scope.region(), provider(as)).build()) {
      return attempt(
          "AssumeRole",
          () ->
              session(
                  client
                      .assumeRole(
                          request ->
                              request
                                  .roleArn(role.arn())
                                  .roleSessionName(role.session())
                                  .externalId(role.externalId()))
                      .credentials()));
    }
  }

  /// A session in a role for the bearer of a token that somebody else signed, as a Kubernetes
  /// cluster does.
  ///
  /// @param region whose endpoint is asked
  Attempt<AwsCredentials> assumeWithWebIdentity(Role role, String bearer, Region region) {
    var builder = StsClient.builder().endpointOverride(endpoints.sts());
    var nobody = AnonymousCredentialsProvider.create();
    try (var client = configured(builder, region, nobody).build()) {
      return attempt(
          "AssumeRoleWithWebIdentity",
          () ->
              session(
                  client
                      .assumeRoleWithWebIdentity(
                          request ->
                              request
                                  .roleArn(role.arn())
                                  .roleSessionName(role.session())
                                  .webIdentityToken(bearer))
                      .credentials()));
    }
  }

  /// @param session its name, which CloudTrail shows
  /// @param externalId null for none
  record Role(String arn, String session, @Nullable String externalId) {}

  private <T> Attempt<T> attempt(String operation, Supplier<T> step) {
    try {
      return new Attempt.Done<>(step.get());
    } catch (SdkException e) {
      return new Attempt.Failed<>(failures.of(operation, e));
    }
  }

  AwsFailures failures() {
    return failures;
  }

  private <B extends AwsClientBuilder<B, C> & SdkSyncClientBuilder<B, C>, C> B configured(
      B builder, Region region, AwsCredentialsProvider as) {
    builder
        .region(region)
        .credentialsProvider(as)
        .overrideConfiguration(
            ClientOverrideConfiguration.builder()
                .defaultProfileFile(NO_PROFILES)
                .retryStrategy(onceMoreForTheClock())
                .build());
    builder.httpClient(http);
    return scope.fips() ? builder.fipsEnabled(true) : builder;
  }

  /// The SDK signs with this machine's clock. Told by AWS that it is wrong, it signs once more with
  /// the time of that reply; nothing else is tried again here, because the caller knows when.
  private static RetryStrategy onceMoreForTheClock() {
    return DefaultRetryStrategy.standardStrategyBuilder()
        .maxAttempts(2)
        .retryOnException(e -> e instanceof SdkServiceException s && s.isClockSkewException())
        .backoffStrategy(BackoffStrategy.retryImmediately())
        .throttlingBackoffStrategy(BackoffStrategy.retryImmediately())
        .useClientDefaults(false)
        .build();
  }

  private static AwsCredentialsProvider provider(AwsCredentials as) {
    return StaticCredentialsProvider.create(as);
  }

  private static AwsCredentials session(Credentials given) {
    return AwsSessionCredentials.create(
        given.accessKeyId(), given.secretAccessKey(), given.sessionToken());
  }
}
