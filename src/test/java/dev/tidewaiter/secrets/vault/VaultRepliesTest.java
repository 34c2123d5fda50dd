package dev.tidewaiter.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tidewaiter.secrets.SecretLookup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers that a real Vault cannot be made to give, from a stand-in. Every body of a read holds
/// the canary.
class VaultRepliesTest {
  private static final String MOUNT =
      """
      {"data":{"path":"secret/","type":"kv","options":{"version":"2"}}}""";

  @TempDir Path directory;
  private Surroundings with;
  private HttpServer server;
  private VaultSecretResolver resolver;
  private final List<String> paths = new CopyOnWriteArrayList<>();
  private final AtomicInteger reads = new AtomicInteger();
  private volatile int status = 200;
  private volatile String body = "";
  private volatile String retryAfter = "";
  private volatile String mount = MOUNT;

  @BeforeEach
  void start() throws IOException {
    with = new Surroundings(directory);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    answer("/v1/auth/token/lookup-self", () -> "{\"data\":{\"ttl\":0,\"renewable\":false}}");
    answer("/v1/sys/internal/ui/mounts/", () -> mount);
    server.createContext(
        "/v1/secret/",
        exchange -> {
          reads.incrementAndGet();
          if (!retryAfter.isEmpty()) {
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
          }
          paths.add(exchange.getRequestURI().getPath());
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    resolver = with.resolver(address, with.tokenFile("token-of-the-stand-in"));
  }

  @AfterEach
  void stop() {
    with.close();
    server.stop(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {307, 400, 412, 429, 472, 473, 500, 502, 503, 504})
  void isUnavailable(int answered) {
    reply(answered, "{\"errors\":[\"" + Canary.VALUE + "\"]}");
    assertThat(lookUp())
        .isInstanceOf(SecretLookup.Unavailable.class)
        .asString()
        .contains(Integer.toString(answered));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "403 | <html>denied by a proxy: canary-7f3a91</html>",
        "404 | <html>not found by a proxy: canary-7f3a91</html>",
        "404 | {}",
        "404 | {\"errors\":[\"no handler for route canary-7f3a91\"]}",
        "404 | {\"errors\":[],\"warnings\":[\"Invalid path, canary-7f3a91\"]}",
        "200 | <html>log in first: canary-7f3a91</html>",
        "200 | {\"data\":{\"password\":\"canary-7f3a91\"}}",
        "200 | {\"data\":{\"data\":{\"password\":\"canary-7f3a91",
      })
  void doesNotBelieveWhatVaultDidNotSay(int answered, String text) {
    reply(answered, text);
    assertThat(lookUp()).isInstanceOf(SecretLookup.Unavailable.class);
  }

  @Test
  void honoursRetryAfter() {
    retryAfter = "120";
    reply(429, "{\"errors\":[]}");
    lookUp();
    with.putForward(Duration.ofSeconds(110));
    assertThat(lookUp()).isInstanceOf(SecretLookup.Unavailable.class);
    assertThat(reads).hasValue(1);

    with.putForward(Duration.ofSeconds(11));
    reply(200, "{\"data\":{\"data\":{\"password\":\"x\"},\"metadata\":{\"version\":7}}}");
    assertThat(lookUp()).isInstanceOf(SecretLookup.Found.class);
    assertThat(reads).hasValue(2);
  }

  @Test
  void honoursARetryAfterThatIsADate() {
    retryAfter =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(120));
    reply(503, "{\"errors\":[]}");
    lookUp();
    with.putForward(Duration.ofSeconds(110));
    assertThat(lookUp()).isInstanceOf(SecretLookup.Unavailable.class);
    assertThat(reads).hasValue(1);

    with.putForward(Duration.ofSeconds(11));
    lookUp();
    assertThat(reads).hasValue(2);
  }

  @Test
  void understandsAMountThatIsNamedWithItsNamespace() {
    mount =
        """
        {"data":{"path":"platform/eu/secret/","type":"kv","options":{"version":"2"}}}""";
    reply(200, "{\"data\":{\"data\":{\"password\":\"x\"},\"metadata\":{\"version\":7}}}");

    assertThat(lookUp()).isInstanceOf(SecretLookup.Found.class);

    assertThat(paths).containsExactly("/v1/secret/data/quay");
  }

  @ParameterizedTest
  @ValueSource(strings = {"platform/", "platform/other/", "quay/", "secret/quay/", "/"})
  void believesNoMountThatThePathIsNotIn(String path) {
    mount =
        """
        {"data":{"path":"%s","type":"kv","options":{"version":"2"}}}"""
            .formatted(path);

    assertThat(lookUp()).isInstanceOf(SecretLookup.Unavailable.class);
    assertThat(paths).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret/cafe\u0301/prod",
        "secret/caf\u00e9/prod",
        "secret/a?b#c;d/e+f g&\ud83d\udea2"
      })
  void asksForAPathExactlyAsItIsWritten(String path) {
    reply(200, "{\"data\":{\"data\":{\"password\":\"x\"},\"metadata\":{\"version\":7}}}");

    assertThat(with.lookUp(resolver, path, "password")).isInstanceOf(SecretLookup.Found.class);

    assertThat(paths).containsExactly("/v1/" + path.replaceFirst("/", "/data/"));
  }

  @Test
  void asksAVaultThatWasDownAgainInTheNextRound() {
    var interval = Duration.ofSeconds(10);
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    var settings =
        VaultSettings.of(address, "", null, null, with.tokenFile("token-of-the-stand-in"))
            .withRoundsEvery(interval);
    resolver = with.resolver(settings);
    reply(503, "{\"errors\":[]}");
    for (int round = 1; round <= 8; round++) {
      lookUp();
      assertThat(reads).hasValue(round);
      with.putForward(interval.dividedBy(2));
    }

    reply(200, "{\"data\":{\"data\":{\"password\":\"x\"},\"metadata\":{\"version\":7}}}");
    assertThat(lookUp()).isInstanceOf(SecretLookup.Found.class);
  }

  private SecretLookup lookUp() {
    return with.lookUp(resolver, "secret/quay", "password");
  }

  private void reply(int answered, String text) {
    body = text;
    status = answered;
  }

  private void answer(String path, Supplier<String> text) {
    server.createContext(
        path,
        exchange -> {
          byte[] bytes = text.get().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }
}
