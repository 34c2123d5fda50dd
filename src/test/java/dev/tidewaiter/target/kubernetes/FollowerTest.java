package dev.tidewaiter.target.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.target.kubernetes.Seen.SeenNamespace;
import dev.tidewaiter.testing.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Lists of eight objects, some of which are more than can be taken at once.
class FollowerTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int OBJECTS = 8;
  private static final byte[] PIECE = " ".repeat(1 << 20).getBytes(UTF_8);

  @TempDir private Path directory;
  private final List<Integer> limits = new CopyOnWriteArrayList<>();
  private final Mirror<SeenNamespace> mirror = new Mirror<>((_, _) -> {});
  private final AtomicInteger expiring = new AtomicInteger();
  private volatile int mebibytes;
  private StubApi server;
  private Api api;

  @BeforeEach
  void start() throws IOException {
    server = StubApi.start(this::answer);
    api = server.client(directory);
  }

  @AfterEach
  void stop() {
    api.close();
    server.close();
  }

  @Test
  void asksForSmallerPagesWhereOneIsTooLarge() throws TargetException {
    mebibytes = 12;
    try (var follower = follow(null)) {
      await(follower);

      assertThat(limits).containsExactly(8, 4, 2, 2, 2, 2);
      assertThat(mirror.all()).hasSize(OBJECTS);
    }
  }

  @Test
  void givesUpAPageThatIsTooLargeAlone() {
    mebibytes = 33;
    try (var follower = follow(null)) {
      Await.until(
          LIMIT,
          () ->
              assertThat(failure(follower))
                  .isEqualTo("test: cannot list things: the answer has more than 32 MiB."));
      assertThat(limits).startsWith(8, 4, 2, 1);
      mebibytes = 0;

      Await.untilTrue(LIMIT, "not in step", follower::isInStep);
    }
  }

  @Test
  void asksForLargerPagesAgainLater() {
    mebibytes = 12;
    try (var _ = follow(Duration.ofMillis(100))) {
      Await.until(LIMIT, () -> assertThat(mirror.all()).hasSize(OBJECTS));
      mebibytes = 0;
      limits.clear();

      Await.until(LIMIT, () -> assertThat(limits).contains(OBJECTS));
    }
  }

  /// The smaller the pages, the longer a list takes, and the sooner what it goes on from is gone.
  @Test
  void asksForLargerPagesWhereAListCanNoLongerGoOn() throws TargetException {
    mebibytes = 12;
    expiring.set(1);
    try (var follower = follow(null)) {
      await(follower);

      assertThat(limits).containsExactly(8, 4, 2, 2, 4, 2, 2, 2, 2);
      assertThat(mirror.all()).hasSize(OBJECTS);
    }
  }

  @Test
  void goesOnWithSmallerPagesAfterAnError() throws TargetException {
    var errors = new AtomicInteger(2);
    try (var follower =
        follow(
            null,
            object -> {
              if (errors.getAndDecrement() > 0) {
                throw new OutOfMemoryError("of a test");
              }
              return Reading.namespace(object);
            })) {
      await(follower);

      assertThat(limits).containsExactly(8, 4, 2, 2, 2, 2);
      assertThat(mirror.all()).hasSize(OBJECTS);
    }
  }

  private Follower<SeenNamespace> follow(@Nullable Duration relist) {
    return follow(relist, Reading::namespace);
  }

  private Follower<SeenNamespace> follow(
      @Nullable Duration relist, Function<JsonNode, SeenNamespace> reading) {
    var collection = new Follower.Collection("things", "things?", OBJECTS);
    return new Follower<>(api, collection, reading, mirror, relist);
  }

  private static void await(Follower<?> follower) throws TargetException {
    follower.await("test", System.nanoTime() + LIMIT.toNanos());
  }

  private static @Nullable String failure(Follower<?> follower) {
    try {
      follower.await("test", System.nanoTime());
      return "";
    } catch (TargetException e) {
      return e.getMessage();
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    if (query.contains("watch=true")) {
      exchange.sendResponseHeaders(404, -1);
      exchange.close();
      return;
    }
    int limit = Integer.parseInt(query.replaceAll(".*limit=(\\d+).*", "$1"));
    int from = Integer.parseInt("0" + query.replaceAll(".*continue=(\\d*).*", "$1"));
    limits.add(limit);
    if (from > 0 && expiring.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      exchange.sendResponseHeaders(410, -1);
      exchange.close();
      return;
    }
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream body = exchange.getResponseBody()) {
      body.write("{\"items\": [".getBytes(UTF_8));
      int end = Math.min(from + limit, OBJECTS);
      for (int i = from; i < end; i++) {
        write(body, i == from ? "" : ",", i);
      }
      String next = end == OBJECTS ? "" : Integer.toString(end);
      body.write(
          "],\"metadata\": {\"resourceVersion\": \"9\", \"continue\": \"%s\"}}"
              .formatted(next)
              .getBytes(UTF_8));
    } catch (IOException _) {
      // Hung up on, because it is too large.
    }
  }

  private void write(OutputStream body, String before, int number) throws IOException {
    for (int i = 0; i < mebibytes; i++) {
      body.write(PIECE);
    }
    body.write(
        "%s{\"metadata\": {\"name\": \"n%d\", \"uid\": \"u%d\", \"resourceVersion\": \"5\"}}"
            .formatted(before, number, number)
            .getBytes(UTF_8));
  }
}
