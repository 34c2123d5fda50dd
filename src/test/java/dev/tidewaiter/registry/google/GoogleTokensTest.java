package dev.tidewaiter.registry.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.model.HttpProxy;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.registry.CloudHttp;
import dev.tidewaiter.registry.TokenAnswer;
import dev.tidewaiter.registry.TokenRequest;
import dev.tidewaiter.registry.google.GoogleStandIn.Reply;
import dev.tidewaiter.testbed.ConnectProxy;
import dev.tidewaiter.testbed.TestCertificates;
import dev.tidewaiter.testing.GoogleServiceKey;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GoogleTokensTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static GoogleServiceKey keys;

  private final CloudHttp http = new CloudHttp(CloudHttp.Route.through(null), System::nanoTime);
  private GoogleStandIn google;
  private URI tokenServer;

  @BeforeAll
  static void makeKeys() {
    keys = GoogleServiceKey.create();
  }

  @BeforeEach
  void start() throws IOException {
    google = GoogleStandIn.start();
    tokenServer = google.at("/token");
    google.replies("/token", Reply.token("ya29.of-google", 3_599));
  }

  @AfterEach
  void stop() {
    google.close();
    http.close();
  }

  @Test
  void mintsWithAKey() throws GeneralSecurityException {
    TokenAnswer answer = mint(keys.json(tokenServer));

    assertToken(answer, Duration.ofSeconds(3_599));
    assertThat(google.seen())
        .singleElement()
        .satisfies(
            seen ->
                assertThat(seen.parameter("grant_type"))
                    .isEqualTo("urn:ietf:params:oauth:grant-type:jwt-bearer"));
    assertAssertion(google.seen().getFirst().parameter("assertion"));
  }

  /// Only scope, account and time are claimed, and Google alone is addressed.
  private static void assertAssertion(String assertion) throws GeneralSecurityException {
    String[] parts = assertion.split("\\.", -1);
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(keys.pair().getPublic());
    signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
    assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
    JsonNode header = JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
    JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
    assertThat(header.path("kid").asString()).isEqualTo(keys.id());
    assertThat(claims.path("iss").asString()).isEqualTo(keys.account());
    assertThat(claims.path("aud").asString()).isEqualTo("https://oauth2.googleapis.com/token");
    assertThat(claims.path("scope").asString())
        .isEqualTo("https://www.googleapis.com/auth/devstorage.read_only");
    assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(3_600);
    assertThat(claims.propertyNames()).containsOnly("iss", "aud", "scope", "exp", "iat");
  }

  @Test
  void remembersNothing() {
    GoogleTokens tokens = tokens(Map.of(), Clock.systemUTC());

    var _ = tokens.mint(new TokenRequest.Google(keys.json(tokenServer)));
    var _ = tokens.mint(new TokenRequest.Google(keys.json(tokenServer)));

    assertThat(google.seen()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/token",
        "http://oauth2.googleapis.com/token",
        "https://oauth2.googleapis.com:8443/token",
        "https://oauth2.googleapis.com@evil.example/token",
        "https://oauth2.googleapis.com.evil.example/token",
        "https://storage.googleapis.com/bucket/token",
        "file:///etc/passwd",
        "no address"
      })
  void showsNoSignatureToAnotherServerThanGoogles(String server) {
    String key = keys.json(tokenServer).reveal().replace(tokenServer.toString(), server);

    assertThat(mint(Secret.of(key)))
        .isInstanceOfSatisfying(
            TokenAnswer.Malformed.class,
            malformed -> assertThat(malformed.reason()).contains("`token_uri`"));
    assertThat(google.seen()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "service_account|authorized_user|not that of a service account",
        "-----BEGIN PRIVATE KEY-----|-----BEGIN SOMETHING-----|`private_key`",
        "\"client_email\"|\"mail\"|no `client_email`",
        "\"googleapis.com\"|\"evil.example\"|another universe",
        "{|[|not JSON"
      })
  void saysWhatIsWrongWithAKey(String part, String otherwise, String what) {
    String key = keys.json(tokenServer).reveal().replace(part, otherwise);

    assertThat(mint(Secret.of(key)))
        .isInstanceOfSatisfying(
            TokenAnswer.Malformed.class,
            malformed -> assertThat(malformed.reason()).startsWith("google/").contains(what));
  }

  @ParameterizedTest
  @CsvSource({
    "400, invalid_grant, Malformed",
    "401, invalid_client, Malformed",
    "401, unauthorized_client, Denied",
    "400, invalid_scope, Denied",
    "403, access_denied, Denied",
    "429, rate_limit_exceeded, Unavailable",
    "500, internal_failure, Unavailable",
    "503, backend_error, Unavailable",
    "400, with blanks and so not a code, Unavailable"
  })
  void tellsRefusalsApart(int status, String code, String kind) {
    google.replies("/token", Reply.error(status, code));

    TokenAnswer answer = mint(keys.json(tokenServer));

    assertThat(answer.getClass().getSimpleName()).isEqualTo(kind);
    assertThat(answer.toString())
        .contains(code.contains(" ") ? "without an error code" : code)
        .doesNotContain("in words");
    assertThat(google.seen()).as("tried again").hasSize(1);
  }

  @Test
  void passesOnHowLongGoogleWantsToBeLeftAlone() {
    google.replies("/token", new Reply(503, Map.of("Retry-After", "11"), "{}"));

    assertThat(mint(keys.json(tokenServer)))
        .isInstanceOfSatisfying(
            TokenAnswer.Unavailable.class,
            answer -> assertThat(answer.retryAfter()).isEqualTo(Duration.ofSeconds(11)));
  }

  @Test
  void saysThatTheClockIsOffWhereThatIsWhy() {
    google.replies("/token", Reply.error(400, "invalid_grant"));
    InstantSource behind = () -> Instant.now().minus(Duration.ofHours(3).plusSeconds(30));

    TokenAnswer answer =
        tokens(Map.of(), behind).mint(new TokenRequest.Google(keys.json(tokenServer)));

    assertThat(answer)
        .isInstanceOfSatisfying(
            TokenAnswer.Unavailable.class,
            unavailable ->
                assertThat(unavailable.reason())
                    .contains("the clock of this machine is 180 minutes behind Google's"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "[]", "{}", "{\"access_token\": 1, \"expires_in\": \"x\"}"})
  void takesNothingElseForAToken(String body) {
    google.replies("/token", Reply.json(200, body));

    assertThat(mint(keys.json(tokenServer))).isInstanceOf(TokenAnswer.Unavailable.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -5})
  void takesNoTokenThatHasExpired(long seconds) {
    google.replies("/token", Reply.token("ya29.old", seconds));

    assertThat(mint(keys.json(tokenServer))).isInstanceOf(TokenAnswer.Unavailable.class);
  }

  @Test
  void followsNoRedirect() {
    google.replies(
        "/token", new Reply(307, Map.of("Location", google.at("/elsewhere").toString()), ""));

    assertThat(mint(keys.json(tokenServer))).isInstanceOf(TokenAnswer.Unavailable.class);
    assertThat(google.seen()).hasSize(1);
  }

  @Test
  void goesThroughTheDeclaredProxyAndTrustsAsItIsTold(@TempDir Path directory) throws IOException {
    var authority = TestCertificates.create(directory);
    try (var secure = GoogleStandIn.startWithTls(authority.server("localhost").serverContext());
        var proxy = ConnectProxy.start();
        var way = new CloudHttp(trusting(authority, proxy.exempting()), System::nanoTime)) {
      secure.replies("/token", Reply.token("ya29.of-google", 3_599));
      URI server = secure.at("/token");
      var tokens = new GoogleTokens(Map.of(), way, Set.of(server), Clock.systemUTC());

      assertToken(
          tokens.mint(new TokenRequest.Google(keys.json(server))), Duration.ofSeconds(3_599));
      assertThat(proxy.targets()).containsExactly(secure.host());
      assertThat(mint(keys.json(server), server))
          .as("without the private authority")
          .isInstanceOf(TokenAnswer.Unavailable.class);
    }
  }

  @Test
  void stopsWhenItIsInterrupted() {
    Thread.currentThread().interrupt();

    TokenAnswer answer = mint(keys.json(tokenServer));

    assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
    assertThat(answer).isInstanceOf(TokenAnswer.Unavailable.class);
  }

  @Test
  void refusesARequestForAnotherCloud() {
    var request = new TokenRequest.EcrPublic(new TokenRequest.AwsIdentity(null, null, null));

    assertThatThrownBy(() -> tokens(Map.of(), Clock.systemUTC()).mint(request))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private TokenAnswer mint(@Nullable Secret key) {
    return mint(key, tokenServer);
  }

  private TokenAnswer mint(@Nullable Secret key, URI server) {
    return new GoogleTokens(Map.of(), http, Set.of(server), Clock.systemUTC())
        .mint(new TokenRequest.Google(key));
  }

  private GoogleTokens tokens(Map<String, String> environment, InstantSource clock) {
    return new GoogleTokens(environment, http, Set.of(tokenServer), clock);
  }

  static CloudHttp.Route trusting(TestCertificates authority, @Nullable HttpProxy proxy) {
    return new CloudHttp.Route(
        proxy, authority.clientContext(), Duration.ofSeconds(5), Duration.ofSeconds(15));
  }

  static void assertToken(TokenAnswer answer, Duration life) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            TokenAnswer.Token.class,
            token -> {
              assertThat(token.username().reveal()).isEqualTo("oauth2accesstoken");
              assertThat(token.password().reveal()).isEqualTo("ya29.of-google");
              assertThat(token.life()).isBetween(life.minusSeconds(5), life);
            });
  }
}
