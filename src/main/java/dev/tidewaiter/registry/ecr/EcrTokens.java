package dev.tidewaiter.registry.ecr;

import dev.tidewaiter.registry.CloudHttp;
import dev.tidewaiter.registry.TokenAnswer;
import dev.tidewaiter.registry.TokenProvider;
import dev.tidewaiter.registry.TokenRequest;
import dev.tidewaiter.registry.TokenRequest.AwsIdentity;
import dev.tidewaiter.registry.TokenRequest.AwsKeys;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.regions.Region;

/// Mints tokens of Amazon ECR and ECR Public: finds the identity, assumes the role, asks for the
/// token.
///
/// A token of ECR is good for every registry that the identity may pull from, so the account only
/// tells requests apart; the parameter `registryIds` is [deprecated for that
/// reason](https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html).
public final class EcrTokens implements TokenProvider {
  /// Where ECR Public [hands tokens
  /// out](https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html).
  private static final Region OF_ECR_PUBLIC = Region.US_EAST_1;

  /// The longest name of a session that
  /// [STS](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html) takes.
  private static final int LONGEST_SESSION = 64;

  private static final Predicate<String> SENDABLE = Pattern.compile("[!-~]+").asMatchPredicate();

  private final CloudHttp http;
  private final AwsEndpoints endpoints;
  private final OwnIdentity own;
  private final Pace pace;
  private final String session;

  /// @param instance the daemon's name, part of each session's
  /// @param environment the process's own, in which the daemon's identity is looked for
  /// @param nanos a monotonic clock in nanoseconds
  public EcrTokens(
      String instance, Map<String, String> environment, CloudHttp http, LongSupplier nanos) {
    this(instance, environment, http, nanos, AwsEndpoints.OF_SDK);
  }

  EcrTokens(
      String instance,
      Map<String, String> environment,
      CloudHttp http,
      LongSupplier nanos,
      AwsEndpoints endpoints) {
    String name = "tidewaiter-" + instance;
    this.session = name.substring(0, Math.min(name.length(), LONGEST_SESSION));
    this.own = new OwnIdentity(Map.copyOf(environment), session);
    this.http = http;
    this.pace = new Pace(nanos);
    this.endpoints = endpoints;
  }

  @Override
  public TokenAnswer mint(TokenRequest request) {
    return switch (request) {
      case TokenRequest.Ecr ecr ->
          mint(
              ecr.as(),
              call(ecr, new AwsCall.Scope(Region.of(ecr.region()), ecr.fips())),
              Region.of(ecr.region()),
              AwsCall::ecrToken);
      case TokenRequest.EcrPublic ecr ->
          mint(
              ecr.as(),
              call(ecr, new AwsCall.Scope(OF_ECR_PUBLIC, false)),
              OF_ECR_PUBLIC,
              AwsCall::ecrPublicToken);
      case TokenRequest.Google google ->
          throw new IllegalArgumentException("no request for AWS: " + google.identity());
    };
  }

  private AwsCall call(TokenRequest request, AwsCall.Scope scope) {
    return new AwsCall(
        scope,
        endpoints,
        new AwsHttpClient(http.visit(), pace),
        new AwsFailures(request.identity()));
  }

  private TokenAnswer mint(
      AwsIdentity as,
      AwsCall call,
      Region region,
      BiFunction<AwsCall, AwsCredentials, Attempt<TokenAnswer>> token) {
    Attempt<AwsCredentials> first =
        as.keys() == null ? own.find(call, region) : given(call, as.keys());
    String role = as.role();
    Attempt<AwsCredentials> last =
        role == null
            ? first
            : first.then(who -> call.assume(who, new AwsCall.Role(role, session, as.externalId())));
    return switch (last.then(who -> token.apply(call, who))) {
      case Attempt.Done<TokenAnswer>(TokenAnswer answer) -> answer;
      case Attempt.Failed<TokenAnswer>(TokenAnswer answer) -> answer;
    };
  }

  private static Attempt<AwsCredentials> given(AwsCall call, AwsKeys keys) {
    String id = keys.id().reveal().strip();
    String key = keys.secret().reveal().strip();
    String token = keys.session() == null ? null : keys.session().reveal().strip();
    return Stream.of(id, key, token == null ? "none" : token).allMatch(SENDABLE)
        ? new Attempt.Done<>(OwnIdentity.keys(id, key, token))
        : new Attempt.Failed<>(
            call.failures()
                .malformed("the access key is empty, or has characters that no key has."));
  }
}
