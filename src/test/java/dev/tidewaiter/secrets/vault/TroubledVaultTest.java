package dev.tidewaiter.secrets.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.secrets.SecretWriter.Written;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Vault with many paths of which some are in trouble, from a stand-in. Whatever is slow puts the
/// clock forward.
class TroubledVaultTest {
  private static final Duration SLOW = Duration.ofSeconds(14);
  private static final String WHO_ARE_WE = "/v1/auth/token/lookup-self";

  @TempDir Path directory;
  private Surroundings with;
  private HttpServer server;
  private URI address;
  private final ConcurrentMap<String, Integer> reads = new ConcurrentHashMap<>();
  private volatile Duration pause = Duration.ZERO;
  private volatile String absence = "{\"errors\":[]}";
  private volatile String version = "2";
  private volatile boolean knowsTokens = true;
  private final CountDownLatch denials = new CountDownLatch(8);
  private final AtomicInteger leases = new AtomicInteger();

  @BeforeEach
  void start() throws IOException {
    with = new Surroundings(directory);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    with.close();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    reads.merge(exchange.getRequestMethod() + " " + path, 1, Integer::sum);
    if (path.startsWith("/v1/sys/internal/ui/mounts/rabbit")) {
      respond(exchange, 200, "{\"data\":{\"path\":\"rabbit/\",\"type\":\"rabbitmq\"}}");
    } else if (path.startsWith("/v1/rabbit/")) {
      respond(
          exchange,
          200,
          """
          {"lease_id":"rabbit/creds/%s","renewable":false,"lease_duration":3600,
           "data":{"password":"x"}}"""
              .formatted(leases.incrementAndGet()));
    } else if (path.startsWith("/v1/sys/leases/")) {
      with.putForward(pause);
      respond(exchange, 200, "{}");
    } else if (path.startsWith("/v1/sys/internal/ui/mounts/")) {
      respond(
          exchange,
          200,
          "{\"data\":{\"path\":\"secret/\",\"type\":\"kv\",\"options\":{\"version\":\"%s\"}}}"
              .formatted(version));
    } else if (path.equals(WHO_ARE_WE)) {
      respond(exchange, knowsTokens ? 200 : 500, "{\"data\":{\"ttl\":0,\"renewable\":false}}");
    } else if (path.endsWith("/denied")) {
      awaitOtherDenials();
      respond(exchange, 403, "{\"errors\":[\"permission denied\"]}");
    } else if (path.endsWith("/limited")) {
      respond(exchange, 502, "{\"errors\":[\"upstream rate limited\"]}");
    } else if (path.endsWith("/cut-off")) {
      respond(exchange, 502, "<html>Bad Gateway</html>");
    } else if (path.endsWith("/absent")) {
      respond(exchange, 404, absence);
    } else {
      with.putForward(pause);
      respond(
          exchange, 200, "{\"data\":{\"data\":{\"password\":\"x\"},\"metadata\":{\"version\":1}}}");
    }
  }

  private void awaitOtherDenials() {
    denials.countDown();
    try {
      assertThat(denials.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void respond(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Test
  void anEngineThatIsLimitedSilencesNoOtherPath() {
    var resolver = with.resolver(address, with.tokenFile("token-of-the-stand-in"));
    SecretReference limited = Surroundings.reference("secret/limited", "password");
    SecretReference[] all = references(60);
    all[0] = limited;

    for (int round = 0; round < 5; round++) {
      with.waitOutBackoff();
      var lookups = with.lookUp(resolver, all);

      assertThat(lookups.remove(limited)).isInstanceOf(SecretLookup.Unavailable.class);
      assertThat(lookups.values()).hasOnlyElementsOfType(SecretLookup.Found.class);
    }

    // It alone is asked again later.
    int before = asked("/v1/secret/data/limited");
    with.lookUp(resolver, all);
    assertThat(asked("/v1/secret/data/limited")).isEqualTo(before);
  }

  @Test
  void aProxyThatDoesNotReachVaultIsNotAskedForEveryPath() {
    var resolver = with.resolver(address, with.tokenFile("token-of-the-stand-in"));
    with.lookUp(resolver, Surroundings.reference("secret/cut-off", "password"));

    assertThat(with.lookUp(resolver, "secret/other", "password"))
        .isInstanceOf(SecretLookup.Unavailable.class);
    assertThat(asked("/v1/secret/data/other")).isZero();
  }

  @Test
  void aRoundEndsThoughAllAreSlowAndTheNextGoesOnWhereItEnded() {
    var resolver = with.resolver(settings().withRoundsEvery(Duration.ofSeconds(10)));
    SecretReference[] all = references(40);
    pause = SLOW;

    var first = with.lookUp(resolver, all);

    assertThat(first.values())
        .hasSize(40)
        .hasAtLeastOneElementOfType(SecretLookup.Found.class)
        .hasAtLeastOneElementOfType(SecretLookup.Unavailable.class);
    for (int begun = pathsRead(); begun < 40; begun = pathsRead()) {
      with.lookUp(resolver, all);
      // What was begun within the minute, and no more.
      assertThat(pathsRead() - begun).isBetween(5, 15);
    }
    assertThat(IntStream.range(0, 40).map(i -> asked("/v1/secret/data/path-" + i)))
        .allSatisfy(times -> assertThat(times).isBetween(1, 2));
  }

  @Test
  void aCommandThatRunsOnceReadsEverything() {
    var resolver = with.resolver(settings());
    pause = SLOW;

    assertThat(with.lookUp(resolver, references(40)).values())
        .hasOnlyElementsOfType(SecretLookup.Found.class);
  }

  @Test
  void oneLookUpThatFailsServesAllThatWereDeniedBeforeIt() {
    var resolver = with.resolver(address, with.tokenFile("token-of-the-stand-in"));
    with.lookUp(resolver, references(1));
    int before = asked(WHO_ARE_WE);
    knowsTokens = false;

    var lookups = with.lookUp(resolver, references("secret/%d/denied", 8));

    assertThat(lookups.values()).hasOnlyElementsOfType(SecretLookup.Unavailable.class);
    assertThat(asked(WHO_ARE_WE) - before).isEqualTo(1);
  }

  @Test
  void givingBackSlowlyHoldsNoRoundUp() {
    var resolver = with.resolver(address, with.tokenFile("token-of-the-stand-in"));
    SecretReference[] all = references("rabbit/creds/%d", 5);
    with.lookUp(resolver, all);
    with.putForward(Duration.ofMinutes(31));
    Map<SecretReference, String> newer = new HashMap<>();
    with.lookUp(resolver, all)
        .forEach((reference, lookup) -> newer.put(reference, identity(lookup)));
    pause = SLOW;

    resolver.promoted(newer);

    assertThat(reads.get("POST /v1/sys/leases/revoke")).isEqualTo(1);
    for (int round = 2; round <= 5; round++) {
      with.lookUp(resolver, all);
      assertThat(reads.get("POST /v1/sys/leases/revoke")).isEqualTo(round);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>not found by a balancer</html>",
        "{}",
        "{\"errors\":[\"no handler for route\"]}",
        "{\"errors\":[],\"warnings\":[\"Invalid path for a versioned K/V secrets engine\"]}"
      })
  void writesNothingToKv1UnlessVaultSaysThatNothingIsThere(String notFound) {
    version = "1";
    absence = notFound;
    assertThat(write("secret/absent")).isInstanceOf(Written.Failed.class);
    assertThat(reads)
        .containsKey("GET /v1/secret/absent")
        .doesNotContainKey("POST /v1/secret/absent");
  }

  private Written write(String path) {
    try (var writer =
        new VaultSecretWriter(settings(), System::nanoTime, RandomGenerator.getDefault())) {
      return writer.write(path, new TreeMap<>(Map.of("password", Secret.of("x"))));
    }
  }

  private static String identity(SecretLookup lookup) {
    return lookup instanceof SecretLookup.Found(_, _, Issuance lease)
        ? lease.identity()
        : fail("nothing was lent: " + lookup);
  }

  private VaultSettings settings() {
    return VaultSettings.of(address, "", null, null, with.tokenFile("token-of-the-stand-in"));
  }

  private int pathsRead() {
    return IntStream.range(0, 40).map(i -> asked("/v1/secret/data/path-" + i)).sum();
  }

  private int asked(String path) {
    return reads.getOrDefault("GET " + path, 0);
  }

  private static SecretReference[] references(int count) {
    return references("secret/path-%d", count);
  }

  private static SecretReference[] references(String path, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Surroundings.reference(path.formatted(i), "password"))
        .toArray(SecretReference[]::new);
  }
}
