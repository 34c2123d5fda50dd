package dev.tidewaiter.target.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The way to an API server, as a configuration makes it.
class LinkTest {
  private static final int MANY = 64;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final CountDownLatch arrived = new CountDownLatch(MANY);

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
