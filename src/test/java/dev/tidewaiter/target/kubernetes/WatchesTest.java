package dev.tidewaiter.target.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.target.TargetException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is awaited where one of two names is refused.
class WatchesTest {
  private static final Set<String> NAMES = Set.of("allowed", "refused");
  private static final String EMPTY =
      """
      {"items": [], "metadata": {"resourceVersion": "5"}}
      """;

  @TempDir private Path directory;
  private volatile int code;
  private StubApi server;
  private Api api;
  private Watches watches;

  @BeforeEach
  void start() throws IOException {
    server = StubApi.startConcurrent(this::answer);
    api = server.client(directory);
    watches = new Watches(api, "test", new Reading(Sealer.withRandomKey()), null);
  }

  @AfterEach
  void stop() {
    watches.close();
    api.close();
    server.close();
  }

  @Test
  void aNameThatIsForbiddenIsLeftOut() throws TargetException {
    code = 403;

    assertThat(watches.awaitAllowed(NAMES)).containsExactly("allowed");
    assertThat(watches.isDenied("refused")).isTrue();
    assertThat(watches.isDenied("allowed")).isFalse();
  }

  @Test
  void whoIsNotKnownSeesNothing() {
    code = 401;

    assertThatThrownBy(() -> watches.awaitAllowed(NAMES))
        .isInstanceOf(TargetException.class)
        .hasMessageContaining("list secrets named refused: answered 401");
    assertThat(watches.isDenied("refused")).isFalse();
  }

  @Test
  void aNameThatIsNotAnsweredIsNotLeftOut() {
    code = 503;

    assertThatThrownBy(() -> watches.awaitAllowed(NAMES))
        .isInstanceOf(TargetException.class)
        .hasMessageContaining("list secrets named refused: answered 503");
    assertThat(watches.isDenied("refused")).isFalse();
  }

  private void answer(HttpExchange exchange) throws IOException {
    boolean refused = exchange.getRequestURI().getQuery().contains("metadata.name=refused");
    StubApi.answer(exchange, refused ? code : 200, refused ? "{}" : EMPTY);
  }
}
