package dev.tidewaiter.target.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.tidewaiter.testbed.TestCertificates;
import dev.tidewaiter.testing.Await;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The way to an API server, as a configuration makes it.
class LinkTest {
  private static final int MANY = 64;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final Duration A_WHILE = Duration.ofMillis(50);

  private final CountDownLatch arrived = new CountDownLatch(MANY);
  private final AtomicInteger out = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  @Test
  void hasAsManyRequestsOutAsAreSentWithoutHttp2() throws Exception {
    try (StubApi server = StubApi.startConcurrent(this::answerWhenAllAreThere);
        Link link = Link.open(config(server.url()))) {
      var answers = new ArrayList<CompletableFuture<Exchange.Answer>>();
      for (int i = 0; i < MANY; i++) {
        answers.add(link.exchange().send(link.exchange().request(Call.get("version"), LIMIT)));
      }
      for (CompletableFuture<Exchange.Answer> answer : answers) {
        assertThat(answer.get().code()).isEqualTo(200);
      }
    }
  }

  /// As through a load balancer that ends TLS and offers nothing newer. What a server speaks is
  /// known once a connection stands, so connections are made one after the other.
  @Test
  void comesToAsManyRequestsOverTlsThatOffersNoHttp2(@TempDir Path directory) throws Exception {
    var certificates = TestCertificates.create(directory);
    var tls = certificates.server("127.0.0.1").serverContext();
    try (StubApi server = StubApi.startConcurrent(tls, this::answerAfterAWhile)) {
      Config config = config(server.url());
      config.setCaCertFile(certificates.ca().toString());
      try (Link link = Link.open(config);
          var senders = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < MANY; i++) {
          var _ = senders.submit(() -> sendUntilManyWereOut(link));
        }
        Await.until(LIMIT, () -> assertThat(most).hasValue(MANY));
      }
    }
  }

  @Test
  void sendsNothingToAServerItDoesNotTrust(@TempDir Path directory) throws Exception {
    var tls = TestCertificates.create(directory).server("127.0.0.1").serverContext();
    try (StubApi server = StubApi.startConcurrent(tls, this::answerAfterAWhile);
        Link link = Link.open(config(server.url()))) {
      var answer = link.exchange().send(link.exchange().request(Call.get("version"), LIMIT));
      assertThatThrownBy(answer::get).hasRootCauseInstanceOf(CertPathBuilderException.class);
      assertThat(most).hasValue(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://", "https://a b", "https:///x"})
  void opensNoneToWhatIsNoAddress(String address) {
    assertThatThrownBy(() -> Link.open(config(address)))
        .isInstanceOf(IOException.class)
        .hasMessage("the API server's address is none; write `server: https://host:port`");
  }

  private static Config config(String address) {
    Config config = Config.empty();
    config.setMasterUrl(address);
    config.setOauthTokenProvider(() -> null);
    return config;
  }

  private @Nullable Void sendUntilManyWereOut(Link link) throws Exception {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (most.get() < MANY && System.nanoTime() < end) {
      var request = link.exchange().request(Call.get("version"), LIMIT);
      assertThat(link.exchange().send(request).get().code()).isEqualTo(200);
    }
    return null;
  }

  private void answerAfterAWhile(HttpExchange asked) throws IOException {
    most.accumulateAndGet(out.incrementAndGet(), Math::max);
    LockSupport.parkNanos(A_WHILE.toNanos());
    out.decrementAndGet();
    asked.sendResponseHeaders(200, -1);
    asked.close();
  }

  private void answerWhenAllAreThere(HttpExchange asked) throws IOException {
    arrived.countDown();
    asked.sendResponseHeaders(allAreThere() ? 200 : 500, -1);
    asked.close();
  }

  private boolean allAreThere() {
    try {
      return arrived.await(5, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
