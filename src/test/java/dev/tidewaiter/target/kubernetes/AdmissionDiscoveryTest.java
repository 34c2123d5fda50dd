package dev.tidewaiter.target.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.tidewaiter.desired.Admission;
import dev.tidewaiter.desired.Admission.Mutating;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Discovery documents of servers of several ages.
class AdmissionDiscoveryTest {
  private static final String GROUP = "/apis/admissionregistration.k8s.io/";
  private static final String[] VALIDATING = {
    "validatingadmissionpolicies", "validatingadmissionpolicybindings"
  };
  private static final String[] MUTATING = {
    "mutatingadmissionpolicies", "mutatingadmissionpolicybindings"
  };

  @TempDir private Path directory;
  private final Map<String, String> documents = new ConcurrentHashMap<>();
  private StubApi server;
  private Api api;

  @BeforeEach
  void start() throws IOException {
    documents.put("/version", "{\"gitVersion\": \"v1.99.0\"}");
    server = StubApi.start(this::answer);
    api = server.client(directory);
  }

  @AfterEach
  void stop() {
    api.close();
    server.close();
  }

  @Test
  void theNewestHasBothInV1() throws ApiException {
    document("v1", Stream.of(VALIDATING, MUTATING));
    document("v1beta1", Stream.<String[]>of(MUTATING));

    assertThat(ask()).isEqualTo(new Admission(true, Mutating.V1, "v1.99.0"));
  }

  @Test
  void oneBeforeHasTheMutatingOnesInV1beta1WhereTheyAreSwitchedOn() throws ApiException {
    document("v1", Stream.<String[]>of(VALIDATING));
    assertThat(ask()).isEqualTo(new Admission(true, Mutating.NONE, "v1.99.0"));

    document("v1beta1", Stream.<String[]>of(MUTATING));

    assertThat(ask()).isEqualTo(new Admission(true, Mutating.V1BETA1, "v1.99.0"));
  }

  @Test
  void anOldOneHasWebhooksAlone() throws ApiException {
    document("v1", Stream.<String[]>of(new String[] {"validatingwebhookconfigurations"}));

    assertThat(ask()).isEqualTo(Admission.none("v1.99.0"));
  }

  @Test
  void policiesWithoutBindingsAreNone() throws ApiException {
    document("v1", Stream.<String[]>of(new String[] {VALIDATING[0], MUTATING[0]}));

    assertThat(ask()).isEqualTo(Admission.none("v1.99.0"));
  }

  @Test
  void aServerThatFailsIsNotOneWithoutPolicies() {
    documents.put(GROUP + "v1", "must fail");

    assertThatThrownBy(this::ask)
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("answered 503");
  }

  private Admission ask() throws ApiException {
    return new AdmissionDiscovery(api, () -> Instant.EPOCH).ask();
  }

  private void document(String version, Stream<String[]> resources) {
    String names =
        resources
            .flatMap(Stream::of)
            .map(name -> "{\"name\": \"" + name + "\"}")
            .collect(Collectors.joining(", "));
    documents.put(GROUP + version, "{\"resources\": [" + names + "]}");
  }

  private void answer(HttpExchange exchange) throws IOException {
    String document = documents.getOrDefault(exchange.getRequestURI().getPath(), "");
    int code = document.isEmpty() ? 404 : document.startsWith("{") ? 200 : 503;
    StubApi.answer(exchange, code, code == 200 ? document : "{\"kind\": \"Status\"}");
  }
}
