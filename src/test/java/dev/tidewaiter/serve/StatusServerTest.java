package dev.tidewaiter.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.reconcile.Condition;
import dev.tidewaiter.reconcile.DaemonStatus;
import dev.tidewaiter.reconcile.Reason;
import dev.tidewaiter.reconcile.TargetStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class StatusServerTest {
  private final AtomicBoolean live = new AtomicBoolean(true);
  private final DaemonStatus status =
      new DaemonStatus(
          "prod-eu",
          null,
          List.of(new Condition(Reason.SourceUnavailable, "git.example: no answer")),
          null,
          List.of(new TargetStatus("cluster/one", List.of(), List.of())));

  @Test
  void answersWhetherItLivesIsReadyAndHowItStands() throws IOException, InterruptedException {
    try (var server = new StatusServer("127.0.0.1", 0, live::get, () -> status)) {
      server.start();
      assertThat(get(server, "/livez").statusCode()).isEqualTo(200);
      assertThat(get(server, "/readyz").statusCode()).isEqualTo(503);
      live.set(false);
      assertThat(get(server, "/livez").statusCode()).isEqualTo(503);
      StatusDocument document =
          JsonMapper.builder()
              .build()
              .readValue(get(server, "/status").body(), StatusDocument.class);
      assertThat(document).isEqualTo(StatusDocument.of(status));
      assertThat(document.ready()).isFalse();
      assertThat(get(server, "/elsewhere").statusCode()).isEqualTo(404);
    }
  }

  private static HttpResponse<String> get(StatusServer server, String path)
      throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://127.0.0.1:" + server.port() + path);
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
  }
}
