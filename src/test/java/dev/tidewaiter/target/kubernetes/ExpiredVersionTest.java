package dev.tidewaiter.target.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.target.kubernetes.Seen.SeenNamespace;
import dev.tidewaiter.testing.Await;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// An API server that once no longer has the version from which a list or a watch would go on.
///
/// Source: [API
/// concepts](https://kubernetes.io/docs/reference/using-api/api-concepts/#410-gone-responses).
class ExpiredVersionTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String STATUS =
      """
      {"kind": "Status", "status": "Failure", "reason": "Expired", "code": 410}
      """;

  @TempDir private Path directory;
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final AtomicInteger lists = new AtomicInteger();
  private final AtomicInteger continuations = new AtomicInteger();
  private final AtomicInteger watches = new AtomicInteger();

  enum Where {
    THE_REST_OF_A_LIST,
    THE_BEGINNING_OF_A_WATCH,
    A_WATCH
  }

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @ParameterizedTest
  @EnumSource
  void allIsListedAnewAndNothingOfBeforeStays(Where expired) throws IOException {
    var settings =
        new ClusterSettings("expired", access(expired), "instance", null, Duration.ofMinutes(10));
    var mirror = new Mirror<SeenNamespace>((_, _) -> {});
    var collection = new Follower.Collection("things", "things?", 1);
    try (var api = new Api(new Connection(settings, Map.of(), () -> Instant.EPOCH));
        var follower =
            new Follower<>(api, collection, Reading::namespace, mirror, Duration.ofMinutes(10))) {
      Await.until(
          LIMIT,
          () -> {
            assertThat(mirror.all())
                .extracting(seen -> seen.identity().name())
                .containsExactlyInAnyOrder("first-of-2", "second-of-2");
            assertThat(follower.isInStep()).isTrue();
          });
    }
    assertThat(lists).hasValue(2);
  }

  private ClusterSettings.Access access(Where expired) throws IOException {
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(request -> answer(request, expired))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    return StubApi.access(directory, "http://127.0.0.1:" + server.actualPort());
  }

  private void answer(HttpServerRequest request, Where expired) {
    if (request.getParam("watch") == null) {
      list(request, expired);
    } else {
      watch(request, expired);
    }
  }

  private void list(HttpServerRequest request, Where expired) {
    if ("".equals(request.getParam("continue"))) {
      request.response().end(page("first-of-" + lists.incrementAndGet(), "the second"));
    } else if (continuations.getAndIncrement() == 0 && expired == Where.THE_REST_OF_A_LIST) {
      request.response().setStatusCode(410).end(STATUS);
    } else {
      request.response().end(page("second-of-" + lists.get(), ""));
    }
  }

  private void watch(HttpServerRequest request, Where expired) {
    boolean first = watches.getAndIncrement() == 0;
    if (first && expired == Where.THE_BEGINNING_OF_A_WATCH) {
      request.response().setStatusCode(410).end(STATUS);
      return;
    }
    Future<ServerWebSocket> opened = request.toWebSocket();
    if (first && expired == Where.A_WATCH) {
      opened.onSuccess(
          socket ->
              socket.writeTextMessage("{\"type\": \"ERROR\", \"object\": %s}".formatted(STATUS)));
    }
  }

  private static String page(String name, String next) {
    return """
    {"items": [{"metadata": {"name": "%1$s", "uid": "%1$s", "resourceVersion": "5"}}],
     "metadata": {"resourceVersion": "9", "continue": "%2$s"}}
    """
        .formatted(name, next);
  }
}
