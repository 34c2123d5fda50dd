package dev.tidewaiter.target.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.FieldChange;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.kubernetes.Marks.Owner;
import dev.tidewaiter.target.kubernetes.Seen.SeenAccount;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An API server that answers what a real one cannot be made to answer on demand.
class FaultyApiTest {
  private static final String ACCOUNT =
      """
      {"metadata": {"name": "default", "namespace": "shop", "uid": "u", "resourceVersion": "7"}}
      """;
  private static final ResourceId ID =
      new ResourceId(ResourceKind.SERVICE_ACCOUNT, "shop", "default");
  private static final Map<String, FieldChange> ADDED =
      Map.of("imagePullSecrets/ours", new FieldChange.Added(new FieldValue.Plain("present")));

  @TempDir private Path directory;
  private final Queue<Answer> answers = new ArrayDeque<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private StubApi server;
  private Api api;

  private record Answer(int code, @Nullable String retryAfter, String body) {}

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
  void comesBackWhenAskedTo() throws ApiException {
    answers.add(new Answer(429, "0", "Too many requests, please try again later."));
    answers.add(new Answer(200, null, ACCOUNT));
    answers.add(new Answer(200, null, ACCOUNT));

    assertThat(link()).isEqualTo(new Outcome.Applied());
    assertThat(asked).containsExactly("GET", "GET", "PATCH");
  }

  @Test
  void leavesALongPauseToTheCaller() throws ApiException {
    answers.add(new Answer(429, "60", "Too many requests, please try again later."));

    assertThat(link())
        .isEqualTo(
            new Outcome.Failed(
                FailureReason.Unavailable,
                "get serviceaccounts in namespace shop: answered 429.",
                Duration.ofSeconds(60)));
    assertThat(asked).containsExactly("GET");
  }

  @Test
  void doesNotRepeatAWriteWhoseEffectIsNotKnown() throws ApiException {
    answers.add(new Answer(200, null, ACCOUNT));
    answers.add(new Answer(500, null, "{\"message\": \"must not be quoted: internal\"}"));

    assertThat(link())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> {
              assertThat(failed.reason()).isEqualTo(FailureReason.Unavailable);
              assertThat(failed.detail()).doesNotContain("must not be quoted");
            });
    assertThat(asked).containsExactly("GET", "PATCH");
  }

  @Test
  void readsAgainAfterAConflict() throws ApiException {
    answers.add(new Answer(200, null, ACCOUNT));
    answers.add(new Answer(409, null, "{\"kind\": \"Status\", \"reason\": \"Conflict\"}"));
    answers.add(new Answer(200, null, ACCOUNT));
    answers.add(new Answer(200, null, ACCOUNT));

    assertThat(link()).isEqualTo(new Outcome.Applied());
    assertThat(asked).containsExactly("GET", "PATCH", "GET", "PATCH");
  }

  @Test
  void givesUpOnEndlessConflicts() throws ApiException {
    for (int i = 0; i < 50; i++) {
      answers.add(new Answer(200, null, ACCOUNT));
      answers.add(new Answer(409, null, "{\"kind\": \"Status\", \"reason\": \"Conflict\"}"));
    }

    assertThat(link())
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.reason()).isEqualTo(FailureReason.Conflict));
    assertThat(asked).hasSizeLessThan(50);
  }

  private Outcome link() throws ApiException {
    Mirror<SeenAccount> mirror = new Mirror<>((_, _) -> {});
    return new Accounts(api).update(ID, ADDED, new Owner("instance", "test"), mirror);
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestMethod());
    Answer answer = answers.remove();
    if (answer.retryAfter() != null) {
      exchange.getResponseHeaders().add("Retry-After", answer.retryAfter());
    }
    StubApi.answer(exchange, answer.code(), answer.body());
  }
}
