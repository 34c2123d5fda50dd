package dev.tidewaiter.registry.google;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.registry.CloudHttp;
import dev.tidewaiter.registry.TokenAnswer;
import dev.tidewaiter.registry.TokenRequest;
import dev.tidewaiter.registry.google.GoogleStandIn.Reply;
import dev.tidewaiter.testbed.ConnectProxy;
import dev.tidewaiter.testbed.TestCertificates;
import dev.tidewaiter.testing.GoogleServiceKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The daemon's own identity at Google, in each of its places.
class OwnAccountTest {
  private static final String METADATA =
      "/computeMetadata/v1/instance/service-accounts/default/token";

  @TempDir private Path directory;
  private TestCertificates authority;
  private GoogleStandIn google;
  private GoogleStandIn secure;

  @BeforeEach
  void start() throws IOException {
    authority = TestCertificates.create(directory);
    google = GoogleStandIn.start();
    secure = GoogleStandIn.startWithTls(authority.server("localhost").serverContext());
  }

  @AfterEach
  void stop() {
    google.close();
    secure.close();
  }

  @Test
  void isThePodsOrTheMachines() {
    google.replies(METADATA, Reply.token("ya29.of-google", 1_800));
    try (var proxy = ConnectProxy.start()) {
      var route = CloudHttp.Route.through(proxy.exempting());

      GoogleTokensTest.assertToken(
          mint(Map.of("GCE_METADATA_HOST", google.host()), route), Duration.ofMinutes(30));
      assertThat(proxy.targets()).isEmpty();
    }
    assertThat(google.seen())
        .singleElement()
        .satisfies(
            seen -> {
              assertThat(seen.headers()).containsEntry("Metadata-flavor", List.of("Google"));
              assertThat(seen.query())
                  .isEqualTo("scopes=https://www.googleapis.com/auth/devstorage.read_only");
            });
  }

  @Test
  void isUnavailableWhereThePodHasNone() {
    google.replies(METADATA, Reply.json(404, "no service account"));

    assertUnavailable(
        mint(Map.of("GCE_METADATA_HOST", google.host())), "the metadata server answers 404");
  }

  @Test
  void isUnavailableWhereThereIsNoMetadataServer() {
    assertUnavailable(mint(Map.of("GCE_METADATA_HOST", "127.0.0.1:1")), "no metadata server");
  }

  @Test
  void isTheKeyInAFile() throws IOException {
    google.replies("/token", Reply.token("ya29.of-google", 3_599));
    String key = GoogleServiceKey.create().json(google.at("/token")).reveal();

    GoogleTokensTest.assertToken(mint(file(key)), Duration.ofSeconds(3_599));
  }

  @Test
  void isAnExternalAccount() throws IOException {
    secure.replies("/v1/token", Reply.token("ya29.of-google", 3_600));
    Path bearer = Files.writeString(directory.resolve("bearer"), "header.payload.signature");

    TokenAnswer answer = mint(file(external("{\"file\": \"" + bearer + "\"}", null)));

    GoogleTokensTest.assertToken(answer, Duration.ofHours(1));
    assertThat(secure.seen().getFirst())
        .satisfies(
            seen -> {
              assertThat(seen.parameter("subject_token")).isEqualTo("header.payload.signature");
              assertThat(seen.parameter("scope")).isEqualTo(GoogleTokens.SCOPE);
            });
  }

  @Test
  void impersonatesAnAccount() throws IOException {
    String account = "/v1/projects/-/serviceAccounts/puller@acme:generateAccessToken";
    secure.replies("/v1/token", Reply.token("ya29.of-nobody", 3_600));
    secure.replies("/bearer", new Reply(200, Map.of(), "header.payload.signature"));
    Instant end = Instant.now().plus(Duration.ofMinutes(50)).truncatedTo(ChronoUnit.SECONDS);
    secure.replies(
        account,
        Reply.json(200, "{\"accessToken\": \"ya29.of-google\", \"expireTime\": \"" + end + "\"}"));

    TokenAnswer answer =
        mint(
            file(
                external(
                    "{\"url\": \"" + secure.at("/bearer") + "\"}", secure.at(account).toString())));

    GoogleTokensTest.assertToken(answer, Duration.ofMinutes(50));
    assertThat(secure.seen().getLast().body()).contains("devstorage.read_only");
  }

  @Test
  void isDeniedAnAccountThatItMayNotImpersonate() throws IOException {
    String account = "/v1/projects/-/serviceAccounts/puller@acme:generateAccessToken";
    secure.replies("/v1/token", Reply.token("ya29.of-nobody", 3_600));
    secure.replies("/bearer", new Reply(200, Map.of(), "header.payload.signature"));
    secure.replies(
        account,
        Reply.json(
            403,
            "{\"error\": {\"code\": 403, \"message\": \"in words\", \"status\":"
                + " \"PERMISSION_DENIED\"}}"));

    TokenAnswer answer =
        mint(
            file(
                external(
                    "{\"url\": \"" + secure.at("/bearer") + "\"}", secure.at(account).toString())));

    assertThat(answer)
        .isEqualTo(new TokenAnswer.Denied("google/own: Google answers PERMISSION_DENIED (403)."));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"executable\": {\"command\": \"/bin/true\"}, \"file\": \"/dev/null\"}",
        "{\"environment_id\": \"aws1\", \"url\": \"http://127.0.0.1:1/\"}",
        "{\"certificate\": {\"use_default_certificate_config\": true}}",
        "{}"
      })
  void runsNoProgramAndBorrowsNoOtherIdentity(String source) throws IOException {
    assertUnavailable(mint(file(external(source, null))), "GOOGLE_APPLICATION_CREDENTIALS");
    assertThat(google.seen()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not JSON",
        "{\"type\": \"authorized_user\", \"refresh_token\": \"of a person\"}",
        "{\"type\": \"external_account\", \"credential_source\": {\"file\": \"/dev/null\"}}"
      })
  void isNothingElseInAFile(String content) throws IOException {
    assertUnavailable(mint(file(content)), "GOOGLE_APPLICATION_CREDENTIALS");
  }

  private String external(String source, @Nullable String impersonation) {
    return """
        {"type": "external_account", "audience": "//iam.googleapis.com/pool",
         "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
         "token_url": "%s", %s "credential_source": %s}"""
        .formatted(
            secure.at("/v1/token"),
            impersonation == null
                ? ""
                : "\"service_account_impersonation_url\": \"" + impersonation + "\",",
            source);
  }

  private Map<String, String> file(String content) throws IOException {
    Path file = Files.writeString(directory.resolve("credentials.json"), content);
    return Map.of("GOOGLE_APPLICATION_CREDENTIALS", file.toString());
  }

  private TokenAnswer mint(Map<String, String> environment) {
    return mint(environment, GoogleTokensTest.trusting(authority, null));
  }

  private static TokenAnswer mint(Map<String, String> environment, CloudHttp.Route route) {
    try (var http = new CloudHttp(route, System::nanoTime)) {
      return new GoogleTokens(environment, http, Set.of(), Clock.systemUTC())
          .mint(new TokenRequest.Google(null));
    }
  }

  private static void assertUnavailable(TokenAnswer answer, String reason) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            TokenAnswer.Unavailable.class,
            unavailable -> assertThat(unavailable.reason()).contains(reason));
  }
}
