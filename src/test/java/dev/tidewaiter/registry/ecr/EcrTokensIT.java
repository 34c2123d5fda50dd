package dev.tidewaiter.registry.ecr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.registry.CloudHttp;
import dev.tidewaiter.registry.TokenAnswer;
import dev.tidewaiter.registry.TokenRequest;
import dev.tidewaiter.testbed.AwsFront;
import dev.tidewaiter.testbed.AwsFront.Fault;
import dev.tidewaiter.testbed.AwsRequest;
import dev.tidewaiter.testbed.MotoServer.AccessKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EcrTokensIT {
  private static AwsCloud aws;

  @BeforeAll
  static void start(@TempDir Path directory) {
    aws = new AwsCloud(directory);
  }

  @AfterAll
  static void stop() {
    if (aws != null) {
      aws.close();
    }
  }

  @BeforeEach
  void reset() {
    aws.front.reset();
  }

  @Test
  void mintsWithGivenKeys() {
    TokenAnswer answer = aws.mint(AwsCloud.request(AwsCloud.as(aws.puller)));

    assertToken(answer, AwsCloud.HOME + "-auth-token");
    assertThat(aws.front.requests())
        .singleElement()
        .extracting(AwsRequest::action)
        .isEqualTo("GetAuthorizationToken");
    assertThat(aws.front.requests().getFirst().header("authorization"))
        .contains("/eu-west-1/ecr/aws4_request");
  }

  @Test
  void assumesARoleOfAnotherAccountWithItsExternalId() {
    TokenAnswer answer = aws.mint(AwsCloud.request(aws.inRole(aws.broker, AwsCloud.EXTERNAL_ID)));

    assertToken(answer, AwsCloud.ABROAD + "-auth-token");
    assertThat(aws.front.requests().getFirst().parameter("RoleSessionName"))
        .isEqualTo("tidewaiter-test");
  }

  @Test
  void assumesTheRoleAnewForEachToken() {
    EcrTokens tokens = aws.tokens(Map.of());
    TokenRequest request = AwsCloud.request(aws.inRole(aws.broker, AwsCloud.EXTERNAL_ID));

    var _ = tokens.mint(request);
    var _ = tokens.mint(request);

    assertThat(aws.front.count("AssumeRole")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "acme-41"})
  void isDeniedARoleWithoutItsExternalId(String id) {
    TokenAnswer answer =
        aws.mint(AwsCloud.request(aws.inRole(aws.broker, id.isEmpty() ? null : id)));

    assertThat(answer)
        .isInstanceOfSatisfying(
            TokenAnswer.Denied.class,
            denied ->
                assertThat(denied.reason())
                    .endsWith("AWS answers AccessDenied (403) to AssumeRole."));
    assertThat(aws.front.count("GetAuthorizationToken")).isZero();
  }

  @Test
  void isDeniedATokenWithoutThePermission() {
    TokenAnswer answer = aws.mint(AwsCloud.request(AwsCloud.as(aws.bystander)));

    assertThat(answer)
        .isInstanceOfSatisfying(
            TokenAnswer.Denied.class,
            denied ->
                assertThat(denied.reason())
                    .startsWith("ecr/123456789012/eu-west-1/")
                    .endsWith(
                        ": AWS answers AccessDeniedException (400) to GetAuthorizationToken."));
  }

  @Test
  void saysThatAWSDoesNotKnowTheKey() {
    var unknown = new AccessKey("AKIAUNKNOWNUNKNOWN00", "of-nobody");

    assertMalformed(AwsCloud.as(unknown), "UnrecognizedClientException");
  }

  @Test
  void saysThatTheSecretDoesNotFitTheKey() {
    var wrong = new AccessKey(aws.puller.id(), "not-the-one");

    assertMalformed(AwsCloud.as(wrong), "InvalidSignatureException");
  }

  @ParameterizedTest
  @CsvSource({
    "AssumeRole, ExpiredToken, 403",
    "AssumeRole, InvalidClientTokenId, 403",
    "GetAuthorizationToken, ExpiredTokenException, 400"
  })
  void saysThatTheKeyHasExpired(String action, String code, int status) {
    aws.front.become(new Fault.Refusal(action, status, code));

    assertMalformed(aws.inRole(aws.broker, AwsCloud.EXTERNAL_ID), code);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "with a blank", "with\nlines", "mit-Umläuten"})
  void sendsNoKeyThatCannotBeOne(String key) {
    TokenAnswer answer = aws.mint(AwsCloud.request(AwsCloud.as(new AccessKey("AKIA", key))));

    assertThat(answer).isInstanceOf(TokenAnswer.Malformed.class);
    assertThat(aws.front.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "400, ThrottlingException",
    "400, TooManyRequestsException",
    "429, TooManyRequestsException",
    "503, ServiceUnavailableException",
    "500, ServerException"
  })
  void leavesABusyServiceAlone(int status, String code) {
    aws.front.become(new Fault.Refusal("GetAuthorizationToken", status, code));

    assertUnavailable(aws.mint(AwsCloud.request(AwsCloud.as(aws.puller))), null, code);
    assertThat(aws.front.requests()).hasSize(1);
  }

  @Test
  void passesOnHowLongTheServiceWantsToBeLeftAlone() {
    String error = "{\"__type\":\"ThrottlingException\",\"message\":\"Rate exceeded\"}";
    aws.front.become(new Fault.Answer("GetAuthorizationToken", 429, "Retry-After: 7\r\n", error));

    assertUnavailable(
        aws.mint(AwsCloud.request(AwsCloud.as(aws.puller))), Duration.ofSeconds(7), "429");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 302, 403, 407})
  void takesAProxysPageForNoAnswer(int status) {
    aws.front.become(
        new Fault.Answer("GetAuthorizationToken", status, "", "<html>Please log in</html>"));

    assertUnavailable(aws.mint(AwsCloud.request(AwsCloud.as(aws.puller))), null, "AWS");
  }

  /// Signed with this machine's clock, the first request is refused; the second is signed with the
  /// time of that refusal. The life is by AWS's clock alone.
  @ParameterizedTest
  @ValueSource(ints = {-180, 180})
  void mintsWithAClockThatIsHoursOff(int minutes) {
    aws.front.setClockAhead(Duration.ofMinutes(minutes));

    assertToken(aws.mint(AwsCloud.request(AwsCloud.as(aws.puller))), AwsCloud.HOME + "-auth-token");
    assertThat(aws.front.requests()).hasSize(2);
    assertToken(
        aws.mint(AwsCloud.request(aws.inRole(aws.broker, AwsCloud.EXTERNAL_ID))),
        AwsCloud.ABROAD + "-auth-token");
  }

  @Test
  void breaksOffABodyThatDoesNotEnd() {
    aws.front.become(new Fault.Endless("GetAuthorizationToken"));

    assertUnavailable(aws.mint(AwsCloud.request(AwsCloud.as(aws.puller))), null, "IOException");
  }

  @Test
  void breaksOffWhenThereIsNoAnswerInTime() {
    aws.front.become(new Fault.Silence("GetAuthorizationToken"));
    try (var hasty = new CloudHttp(AwsCloud.patientFor(Duration.ofSeconds(2)), System::nanoTime)) {
      TokenAnswer answer =
          aws.tokens(Map.of(), hasty).mint(AwsCloud.request(AwsCloud.as(aws.puller)));

      assertUnavailable(answer, null, "HttpTimeoutException");
    }
  }

  @Test
  void mintsForEcrPublic() {
    TokenAnswer answer = aws.mint(new TokenRequest.EcrPublic(AwsCloud.as(aws.puller)));

    assertToken(answer, AwsFront.PUBLIC_PASSWORD);
    assertThat(aws.front.requests().getFirst().header("authorization"))
        .contains("/us-east-1/ecr-public/aws4_request");
  }

  @Test
  void spacesItsRequestsOut() throws Exception {
    EcrTokens tokens = aws.tokens(Map.of());
    var answers = new ArrayList<java.util.concurrent.Future<TokenAnswer>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 25; i++) {
        answers.add(threads.submit(() -> tokens.mint(AwsCloud.request(AwsCloud.as(aws.puller)))));
      }
    }

    for (var answer : answers) {
      assertThat(answer.get()).isInstanceOf(TokenAnswer.Token.class);
    }
    List<Long> times = aws.front.requests().stream().map(AwsRequest::nanos).sorted().toList();
    // 24 spaces of 50 ms, less what the first request was late.
    assertThat(Duration.ofNanos(times.getLast() - times.getFirst()))
        .isGreaterThan(Duration.ofMillis(800));
  }

  @Test
  void stopsWhenItIsInterrupted() {
    Thread.currentThread().interrupt();

    TokenAnswer answer = aws.mint(AwsCloud.request(AwsCloud.as(aws.puller)));

    assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
    assertThat(answer).isInstanceOf(TokenAnswer.Unavailable.class);
  }

  @Test
  void leavesNoThreadBehind() {
    for (int i = 0; i < 3; i++) {
      var _ = aws.mint(AwsCloud.request(aws.inRole(aws.broker, AwsCloud.EXTERNAL_ID)));
    }

    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("sdk-") || name.contains("idle-connection"));
  }

  @Test
  void refusesARequestForAnotherCloud() {
    assertThatThrownBy(() -> aws.mint(new TokenRequest.Google(Secret.of("{}"))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertMalformed(TokenRequest.AwsIdentity as, String code) {
    assertThat(aws.mint(AwsCloud.request(as)))
        .isInstanceOfSatisfying(
            TokenAnswer.Malformed.class,
            malformed -> assertThat(malformed.reason()).contains("AWS answers " + code + " ("));
  }

  private static void assertUnavailable(
      TokenAnswer answer, @Nullable Duration retryAfter, String reason) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            TokenAnswer.Unavailable.class,
            unavailable -> {
              assertThat(unavailable.reason()).contains(reason).doesNotContain("html");
              assertThat(unavailable.retryAfter()).isEqualTo(retryAfter);
            });
  }

  private static void assertToken(TokenAnswer answer, String password) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            TokenAnswer.Token.class,
            token -> {
              assertThat(token.username().reveal()).isEqualTo("AWS");
              assertThat(token.password().reveal()).isEqualTo(password);
              assertThat(token.life())
                  .isBetween(
                      Duration.ofHours(12).minusSeconds(2), Duration.ofHours(12).plusSeconds(1));
            });
  }
}
