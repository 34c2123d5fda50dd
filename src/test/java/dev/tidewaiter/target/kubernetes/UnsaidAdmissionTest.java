package dev.tidewaiter.target.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.tidewaiter.desired.Admission;
import dev.tidewaiter.desired.Admission.Mutating;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.target.TargetException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An API server that does not say which policies it has, or not always the same.
class UnsaidAdmissionTest {
  private static final String GROUP = "/apis/admissionregistration.k8s.io/v1";
  private static final String ALL =
      """
      {"resources": [
        {"name": "validatingadmissionpolicies"}, {"name": "validatingadmissionpolicybindings"}]}
      """;
  private static final String EMPTY = "{\"metadata\": {\"resourceVersion\": \"1\"}, \"items\": []}";
  private static final Set<ResourceId> DESIRED =
      Set.of(new ResourceId(ResourceKind.ALLOW_POLICY, ResourceId.CLUSTER_WIDE, "ours"));

  @TempDir private Path directory;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile int discovery = 200;
  private volatile Instant now = Instant.EPOCH;
  private StubApi server;
  private Api api;
  private Policies policies;

  @BeforeEach
  void start() throws IOException {
    server = StubApi.start(this::answer);
    var access = server.access(directory);
    // Without a time for a new list nothing is watched.
    var settings = new ClusterSettings("silent", access, "main", null, null);
    api = new Api(new Connection(settings, Map.of(), () -> now));
    policies = new Policies(api, settings, "cluster/silent", () -> now);
  }

  @AfterEach
  void stop() {
    policies.close();
    api.close();
    server.close();
  }

  @Test
  void whoMayNotAskTakesItThatThereAreAllButCannotObserveThem() throws TargetException {
    discovery = 403;

    assertThat(policies.lastAdmission()).isEqualTo(new Admission(true, Mutating.V1, ""));
    assertThatThrownBy(() -> policies.observe("test", DESIRED))
        .isInstanceOf(TargetException.class)
        .hasMessageContaining("answered 403");
    assertThat(policies.observe("test", Set.of())).isEmpty();
    assertThat(policies.environments()).isEmpty();
  }

  @Test
  void whileItDoesNotAnswerWhatItSaidLastHoldsButNothingIsObserved() throws TargetException {
    Admission said = policies.lastAdmission();
    assertThat(policies.observe("test", DESIRED)).isEmpty();
    discovery = 500;
    now = now.plus(Duration.ofMinutes(11));

    assertThat(policies.lastAdmission()).isEqualTo(said);
    assertThatThrownBy(() -> policies.observe("test", Set.of()))
        .isInstanceOf(TargetException.class)
        .hasMessageContaining("answered 500");
  }

  @Test
  void asksAgainSoonAfterASortIsGoneThatWasThere() throws TargetException {
    assertThat(policies.lastAdmission().validating()).isTrue();
    discovery = 404;
    now = now.plus(Duration.ofMinutes(11));
    assertThat(policies.lastAdmission().validating()).isFalse();
    assertThatThrownBy(() -> policies.observe("test", DESIRED))
        .isInstanceOf(TargetException.class)
        .hasMessageContaining("has no ValidatingAdmissionPolicy now");
    discovery = 200;

    now = now.plus(Duration.ofSeconds(16));

    assertThat(policies.lastAdmission().validating()).isTrue();
  }

  @Test
  void manyDoNotWaitInTurnForWhatDoesNotAnswer() throws TargetException {
    discovery = 500;
    for (int environment = 0; environment < 20; environment++) {
      policies.lastAdmission();
    }
    assertThat(asked).hasValue(1);

    discovery = 200;
    now = now.plus(Duration.ofSeconds(3));
    assertThat(policies.observe("test", DESIRED)).isEmpty();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.equals(GROUP)) {
      asked.incrementAndGet();
    }
    int code = path.equals(GROUP) ? discovery : path.startsWith(GROUP + "/") ? 200 : 404;
    StubApi.answer(exchange, code, code != 200 ? "{}" : path.equals(GROUP) ? ALL : EMPTY);
  }
}
