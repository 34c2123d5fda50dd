package dev.tidewaiter.registry.ecr;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidewaiter.registry.TokenAnswer;
import dev.tidewaiter.testbed.MotoServer.AccessKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The daemon's own identity in each of its places. What the SDK reads of the process's environment
/// itself, these tests say with the SDK's system properties.
class OwnIdentityIT {
  private static AwsCloud aws;

  private final Properties before = (Properties) System.getProperties().clone();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer local;
  private String address;

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
  void listen() throws IOException {
    aws.front.reset();
    local = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    local.createContext("/", this::answer);
    local.start();
    address = "http://127.0.0.1:" + local.getAddress().getPort();
  }

  @AfterEach
  void restore() {
    local.stop(0);
    System.setProperties(before);
  }

  @Test
  void isTakenFromTheEnvironment() {
    TokenAnswer answer =
        mint(
            Map.of(
                "AWS_ACCESS_KEY_ID",
                aws.puller.id(),
                "AWS_SECRET_ACCESS_KEY",
                aws.puller.secret(),
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                "must not be read: the environment goes first",
                "AWS_ROLE_ARN",
                "arn"));

    assertPassword(answer, AwsCloud.HOME);
  }

  @Test
  void isTheRoleOfAWebIdentity(@TempDir Path directory) throws IOException {
    Path bearer = Files.writeString(directory.resolve("token"), "header.payload.signature\n");

    TokenAnswer answer =
        mint(
            Map.of(
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                bearer.toString(),
                "AWS_ROLE_ARN",
                aws.role,
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "must not be asked: the web identity goes first"));

    assertPassword(answer, AwsCloud.ABROAD);
    assertThat(aws.front.requests().getFirst())
        .satisfies(
            request -> {
              assertThat(request.action()).isEqualTo("AssumeRoleWithWebIdentity");
              assertThat(request.parameter("WebIdentityToken"))
                  .isEqualTo("header.payload.signature");
              assertThat(request.parameter("RoleSessionName")).isEqualTo("tidewaiter-test");
              assertThat(request.header("authorization")).isEmpty();
            });
  }

  @Test
  void isNobodyElseWhereTheWebIdentityIsGone() {
    TokenAnswer answer =
        mint(
            Map.of(
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                "/nowhere",
                "AWS_ROLE_ARN",
                aws.role,
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "must not be asked: it is somebody else"));

    assertUnavailable(
        answer, "AWS_WEB_IDENTITY_TOKEN_FILE cannot be read (there is no such file or directory)");
  }

  @Test
  void isThePods(@TempDir Path directory) throws IOException {
    Path token = Files.writeString(directory.resolve("token"), "of-the-pod");
    System.setProperty("aws.containerCredentialsFullUri", address + "/v1/credentials");
    System.setProperty("aws.containerAuthorizationTokenFile", token.toString());

    TokenAnswer answer =
        mint(Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", "given to the SDK otherwise"));

    assertPassword(answer, AwsCloud.HOME);
    assertThat(asked).containsExactly("GET /v1/credentials as of-the-pod");
  }

  @Test
  void isTheInstances() {
    System.setProperty("aws.ec2MetadataServiceEndpoint", address);

    assertPassword(mint(Map.of()), AwsCloud.HOME);
  }

  @Test
  void isUnavailableWhereThereIsNone() {
    System.setProperty("aws.disableEc2Metadata", "true");

    assertUnavailable(mint(Map.of()), "no identity of its own here");
    assertThat(aws.front.requests()).isEmpty();
  }

  @Test
  void isNotAPersonsProfile(@TempDir Path home) throws IOException {
    System.setProperty("aws.disableEc2Metadata", "true");
    Path profile =
        Files.writeString(
            home.resolve("credentials"),
            "[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n"
                .formatted(aws.puller.id(), aws.puller.secret()));
    System.setProperty("aws.sharedCredentialsFile", profile.toString());
    System.setProperty("aws.accessKeyId", aws.puller.id());
    System.setProperty("aws.secretAccessKey", aws.puller.secret());

    assertUnavailable(mint(Map.of()), "no identity of its own here");
  }

  /// Connections are taken and nothing is ever said, as behind a firewall that drops packets.
  @Test
  void isUnavailableInTimeWhereNobodyAnswers() throws IOException {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      System.setProperty(
          "aws.ec2MetadataServiceEndpoint", "http://127.0.0.1:" + silent.getLocalPort());
      long start = System.nanoTime();

      assertUnavailable(mint(Map.of()), "no identity of its own here");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }
  }

  private TokenAnswer mint(Map<String, String> environment) {
    return aws.tokens(environment).mint(AwsCloud.request(AwsCloud.as(null)));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String as = exchange.getRequestHeaders().getFirst("Authorization");
      asked.add(exchange.getRequestMethod() + " " + path + (as == null ? "" : " as " + as));
      String body =
          switch (path) {
            case "/latest/api/token" -> "token-of-the-metadata-service";
            case "/latest/meta-data/iam/security-credentials/" -> "role-of-the-instance";
            case "/v1/credentials",
                "/latest/meta-data/iam/security-credentials/role-of-the-instance" ->
                credentials(aws.puller);
            default -> "";
          };
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(
          body.isEmpty() ? 404 : 200, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static String credentials(AccessKey key) {
    return """
        {"Code": "Success", "AccessKeyId": "%s", "SecretAccessKey": "%s",
         "Expiration": "2099-01-01T00:00:00Z"}"""
        .formatted(key.id(), key.secret());
  }

  private static void assertPassword(TokenAnswer answer, String account) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            TokenAnswer.Token.class,
            token -> assertThat(token.password().reveal()).isEqualTo(account + "-auth-token"));
  }

  private static void assertUnavailable(TokenAnswer answer, String reason) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            TokenAnswer.Unavailable.class,
            unavailable -> assertThat(unavailable.reason()).contains(reason));
  }
}
