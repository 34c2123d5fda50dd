package dev.tidewaiter.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.model.HttpProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudHttpTest {
  @ParameterizedTest
  @CsvSource({
    "sts.amazonaws.com, .amazonaws.com, true",
    "sts.amazonaws.com, 10.0.0.1, false",
    "169.254.169.254, unrelated.example, true"
  })
  void goesPastTheProxyWhereItIsToldTo(String host, String entry, boolean directly) {
    var proxy = new HttpProxy("proxy.example", 3128, List.of(entry));
    assertThat(CloudHttp.Route.through(proxy).isDirect(host)).isEqualTo(directly);
  }

  @Test
  void goesDirectlyWithoutAProxy() {
    assertThat(CloudHttp.Route.through(null).isDirect("sts.amazonaws.com")).isTrue();
  }

  /// All requests of a visit share its time.
  @Test
  void sendsNothingWhenTheTimeIsOver() throws IOException {
    var nanos = new AtomicLong();
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var http = new CloudHttp(CloudHttp.Route.through(null), nanos::get)) {
      CloudHttp.Visit visit = http.visit();
      nanos.addAndGet(Duration.ofSeconds(16).toNanos());
      URI address = URI.create("http://127.0.0.1:" + server.getLocalPort());

      assertThat(visit.remaining()).isZero();
      assertThatThrownBy(() -> visit.send(HttpRequest.newBuilder(address).build()))
          .isInstanceOf(HttpTimeoutException.class);
      server.setSoTimeout(1);
      assertThatThrownBy(server::accept).as("no connection").isInstanceOf(IOException.class);
    }
  }

  @Test
  void readsDates() {
    assertThat(ReplyHeaders.date("Sat, 21 Nov 2026 17:00:00 GMT"))
        .contains(Instant.parse("2026-11-21T17:00:00Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "2026-11-21T17:00:00Z"})
  void takesNothingElseForADate(String text) {
    assertThat(ReplyHeaders.date(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"7, PT7S", "' 0 ', PT0S", "999999999999, PT1H"})
  void readsHowLongItIsToWait(String text, Duration wait) {
    assertThat(ReplyHeaders.retryAfter(text)).isEqualTo(wait);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.5", "Sat, 21 Nov 2026 17:00:00 GMT", "99999999999999999999"})
  void takesNothingElseForAWait(String text) {
    assertThat(ReplyHeaders.retryAfter(text)).isNull();
  }
}
