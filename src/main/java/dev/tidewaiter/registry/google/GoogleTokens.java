package dev.tidewaiter.registry.google;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.registry.CloudHttp;
import dev.tidewaiter.registry.TokenAnswer;
import dev.tidewaiter.registry.TokenProvider;
import dev.tidewaiter.registry.TokenRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Mints access tokens of Google for its registries, from a service account's key or as the daemon
/// itself.
public final class GoogleTokens implements TokenProvider {
  /// To read container images, and as little else as there is.
  ///
  /// Artifact Registry and Container Registry both [take it for
  /// pulls](https://cloud.google.com/artifact-registry/docs/integrate-compute), and so does the
  /// [kubelet's
  /// provider](https://github.com/kubernetes/cloud-provider-gcp/blob/master/pkg/gcpcredential/gcpcredential.go).
  static final String SCOPE = "https://www.googleapis.com/auth/devstorage.read_only";

  /// The user name that Google's registries [want with an access
  /// token](https://cloud.google.com/artifact-registry/docs/docker/authentication#token).
  private static final Secret USERNAME = Secret.of("oauth2accesstoken");

  private final CloudHttp http;
  private final OwnAccount own;
  private final ServiceAccountKey keys;
  private final ServiceAccountKey ownKeys;
  private final InstantSource clock;

  /// @param environment the process's own, in which the daemon's identity is looked for
  /// @param tokenServers those that a key may name as its `token_uri` beside Google's; for tests
  /// @param clock the machine's, with which the library signs
  public GoogleTokens(
      Map<String, String> environment, CloudHttp http, Set<URI> tokenServers, InstantSource clock) {
    this.http = http;
    this.own = new OwnAccount(Map.copyOf(environment));
    this.keys = new ServiceAccountKey(Set.copyOf(tokenServers)::contains);
    // The operator's own file is believed.
    this.ownKeys = new ServiceAccountKey(server -> true);
    this.clock = clock;
  }

  @Override
  public TokenAnswer mint(TokenRequest request) {
    if (!(request instanceof TokenRequest.Google google)) {
      throw new IllegalArgumentException("no request for Google: " + request.identity());
    }
    var visit = http.visit();
    var transport = new GoogleTransport(visit);
    var failures = new GoogleFailures(google.identity(), clock);
    if (google.key() != null) {
      return withKey(keys, google.key(), transport, failures);
    }
    return switch (own.find(transport)) {
      case OwnAccount.Found.Key(Secret json) -> withKey(ownKeys, json, transport, failures);
      case OwnAccount.Found.External(ExternalAccountCredentials account) ->
          withLibrary(account.createScoped(List.of(SCOPE)), transport, failures);
      case OwnAccount.Found.Metadata(String host) -> new MetadataServer(host).mint(visit, failures);
      case OwnAccount.Found.None(String reason) -> failures.unavailable(reason);
    };
  }

  private TokenAnswer withKey(
      ServiceAccountKey reader, Secret key, GoogleTransport transport, GoogleFailures failures) {
    return switch (reader.read(key)) {
      case ServiceAccountKey.Reading.Mistake(String what) -> failures.malformed(what + ".");
      case ServiceAccountKey.Reading.Valid(var builder) ->
          withLibrary(
              builder
                  .setScopes(List.of(SCOPE))
                  .setHttpTransportFactory(transport)
                  // When to try again is the caller's to say.
                  .setDefaultRetriesEnabled(false)
                  .build(),
              transport,
              failures);
    };
  }

  private TokenAnswer withLibrary(
      GoogleCredentials credentials, GoogleTransport transport, GoogleFailures failures) {
    try {
      AccessToken token = credentials.refreshAccessToken();
      Date end = token.getExpirationTime();
      return end == null
          ? failures.unavailable("Google answers with a token without an end.")
          : token(token.getTokenValue(), life(end.toInstant(), credentials, transport), failures);
    } catch (IOException | IllegalArgumentException | ClassCastException e) {
      return failures.of(transport.last());
    }
  }

  /// Impersonation alone tells when a token ends, by Google's clock. Elsewhere Google tells how
  /// long it lives, and the library adds that to this machine's.
  private Duration life(Instant end, GoogleCredentials credentials, GoogleTransport transport) {
    boolean byGooglesClock =
        credentials instanceof ExternalAccountCredentials account
            && account.getServiceAccountImpersonationUrl() != null;
    GoogleReply last = transport.last();
    Instant now =
        byGooglesClock && last != null ? last.date().orElseGet(clock::instant) : clock.instant();
    return Duration.between(now, end);
  }

  static TokenAnswer token(String text, Duration life, GoogleFailures failures) {
    return !life.isPositive() || text.isEmpty()
        ? failures.unavailable("Google answers with a token that is empty or has expired.")
        : new TokenAnswer.Token(USERNAME, Secret.of(text), life);
  }
}
