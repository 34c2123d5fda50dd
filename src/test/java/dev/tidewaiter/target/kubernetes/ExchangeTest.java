package dev.tidewaiter.target.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.tidewaiter.target.kubernetes.Exchange.Answer;
import io.fabric8.kubernetes.client.Config;
import io.vertx.core.Vertx;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What arrives at an API server, and what becomes of its answer.
class ExchangeTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final List<String> arrived = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final Config config = Config.empty();
  private Vertx vertx;
  private StubApi server;

  @BeforeEach
  void start() throws IOException {
    vertx = Transport.open();
    server = StubApi.start(this::answer);
    config.setUserAgent("tidewaiter/test");
    config.setOauthTokenProvider(() -> "a-token");
  }

  @AfterEach
  void stop() throws Exception {
    end.countDown();
    server.close();
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  @Test
  void sendsWhoAsksAndWhat() throws Exception {
    Answer answer = send(Call.post("api/v1/secrets?x=1", Json.object().put("kind", "Secret")));
    assertThat(answer.code()).isEqualTo(200);
    assertThat(answer.retryAfter()).isEqualTo("7");
    assertThat(answer.body().toString()).isEqualTo("{\"answer\":true}");
    assertThat(arrived)
        .containsExactly(
            "POST /api/v1/secrets?x=1",
            "Accept: [application/json]",
            "Authorization: [Bearer a-token]",
            "Content-Type: [application/json]",
            "User-Agent: [tidewaiter/test]",
            "{\"kind\":\"Secret\"}");
  }

  @Test
  void keepsThePathBelowWhichAServerIsReached() throws Exception {
    Exchange exchange = exchange(server.url() + "/k8s/clusters/c-1");
    exchange.send(exchange.request(Call.get("api/v1/namespaces"), LIMIT)).get();
    assertThat(arrived)
        .containsExactly(
            "GET /k8s/clusters/c-1/api/v1/namespaces",
            "Accept: [application/json]",
            "Authorization: [Bearer a-token]",
            "User-Agent: [tidewaiter/test]",
            "");
  }

  @Test
  void asksByNameAndPasswordInTheNameOfOthers() throws Exception {
    config.setUsername("robot");
    config.setPassword("word");
    config.setImpersonateUsername("deployer");
    config.setImpersonateGroups("one", "two");
    send(Call.get("version"));
    assertThat(arrived)
        .contains(
            "Authorization: [Basic cm9ib3Q6d29yZA==]",
            "Impersonate-User: [deployer]",
            "Impersonate-Group: [one, two]");
  }

  @Test
  void showsNoCredentialWhereThereIsNone() throws Exception {
    config.setOauthTokenProvider(() -> null);
    send(Call.get("version"));
    assertThat(arrived).noneMatch(line -> line.startsWith("Authorization"));
  }

  @Test
  void followsNobodyElsewhere() throws Exception {
    assertThat(send(Call.get("elsewhere")).code()).isEqualTo(302);
    assertThat(arrived.stream().filter(line -> line.startsWith("GET"))).hasSize(1);
  }

  @Test
  void givesUpWhatIsNotAnswered() {
    var never = Call.get("never");
    assertThatThrownBy(
            () -> exchange().send(exchange().request(never, Duration.ofMillis(200))).get())
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("timeout");
  }

  @Test
  void tellsALostConnectionByItsException() {
    assertThatThrownBy(() -> send(Call.get("cut")))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void encryptsHoweverTheSchemeIsWritten() {
    for (String url : List.of("HTTPS://api:6443", "https://api", "https://k3s_server:6443")) {
      RequestOptions options = exchange(url).request(Call.get("version"), LIMIT).options();
      assertThat(options.isSsl()).as(url).isTrue();
      assertThat(options.getHost()).as(url).isNotEmpty();
    }
    assertThat(exchange("https://api").request(Call.get("version"), LIMIT).options().getPort())
        .isEqualTo(443);
  }

  @Test
  void namesAnAddressInBracketsAsServersWantIt() {
    RequestOptions options =
        exchange("https://[fd00::1]:6443").request(Call.get("version"), LIMIT).options();
    assertThat(options.getHost()).isEqualTo("[fd00::1]");
  }

  @Test
  void printsNoCredential() {
    var post = Call.post("api/v1/secrets", Json.object().put("data", "canary"));
    assertThat(exchange().request(post, LIMIT)).hasToString("Request[POST /api/v1/secrets]");
  }

  private Exchange exchange() {
    return exchange(server.url());
  }

  private Exchange exchange(String url) {
    try {
      return new Exchange(vertx, vertx.createHttpClient(), config, URI.create(url).toURL());
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private Answer send(Call call) throws Exception {
    Exchange exchange = exchange();
    return exchange.send(exchange.request(call, LIMIT)).get();
  }

  private void answer(HttpExchange asked) throws IOException {
    arrived.add(asked.getRequestMethod() + " " + asked.getRequestURI());
    asked.getRequestHeaders().entrySet().stream()
        .filter(header -> !List.of("Host", "Content-length").contains(header.getKey()))
        .map(header -> capitalized(header.getKey()) + ": " + header.getValue())
        .sorted()
        .forEach(arrived::add);
    arrived.add(new String(asked.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    switch (asked.getRequestURI().getPath()) {
      case "/never" -> awaitEnd();
      case "/cut" -> asked.close();
      case "/elsewhere" -> {
        asked.getResponseHeaders().set("Location", server.url() + "/there");
        asked.sendResponseHeaders(302, -1);
      }
      default -> {
        byte[] body = "{\"answer\":true}".getBytes(StandardCharsets.UTF_8);
        asked.getResponseHeaders().set("Retry-After", "7");
        asked.sendResponseHeaders(200, body.length);
        asked.getResponseBody().write(body);
      }
    }
    asked.close();
  }

  private void awaitEnd() {
    try {
      end.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// As the field is written, of which the server keeps only the first letter.
  private static String capitalized(String name) {
    return switch (name) {
      case "User-agent" -> "User-Agent";
      case "Content-type" -> "Content-Type";
      case "Impersonate-user" -> "Impersonate-User";
      case "Impersonate-group" -> "Impersonate-Group";
      case String other -> other;
    };
  }
}
