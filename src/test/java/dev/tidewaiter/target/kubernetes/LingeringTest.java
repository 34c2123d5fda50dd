package dev.tidewaiter.target.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.target.StillNamed;
import dev.tidewaiter.target.kubernetes.Marks.Owner;
import dev.tidewaiter.target.kubernetes.Seen.SeenSecret;
import dev.tidewaiter.testing.RecordedLogs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What is asked and written of Secrets that linger, of an API server that refuses in some
/// namespaces.
class LingeringTest {
  private static final Owner OWNER = new Owner("instance", "test");
  private static final Instant NOW = Instant.parse("2026-01-03T00:00:00Z");
  private static final String TARGET = "cluster/faulty";
  private static final String EXPIRED = "2026-01-01T00:00:00Z";

  @TempDir private Path directory;

  /// When each Secret was retired; empty if it was not. By namespace and name.
  private final Map<String, String> stored = new ConcurrentHashMap<>();

  private final Map<String, List<String>> podsOf = new ConcurrentHashMap<>();
  private final Map<String, Integer> refusing = new ConcurrentHashMap<>();
  private final List<String> conflicting = new CopyOnWriteArrayList<>();
  private final List<String> listed = new CopyOnWriteArrayList<>();
  private final Map<String, Mirror<SeenSecret>> mirrors = new TreeMap<>();
  private final Reading reading = new Reading(Sealer.withRandomKey());
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final Set<String> silent = ConcurrentHashMap.newKeySet();
  private CountDownLatch listing = new CountDownLatch(0);
  private StubApi server;
  private Api api;
  private Lingering lingering;

  @BeforeEach
  void start() throws IOException {
    server = StubApi.startConcurrent(this::answer);
    var settings =
        new ClusterSettings(
            "faulty", server.access(directory), "instance", null, Duration.ofMinutes(10));
    api = new Api(new Connection(settings, Map.of(), () -> NOW));
    lingering = lingering(new PodNames(api, TARGET));
  }

  private Lingering lingering(PodNames pods) {
    return new Lingering(pods, new PullSecrets(api, reading), this::mirror, TARGET, () -> NOW);
  }

  @AfterEach
  void stop() {
    hanging.countDown();
    api.close();
    server.close();
  }

  @Test
  void listsThePodsOfANamespaceOnceAndOnlyWhereThatDecides() {
    Set<ResourceId> candidates =
        Set.of(
            there("shop", "a", ""),
            there("shop", "b", "2026-01-02T12:00:00Z"),
            there("shop", "c", ""),
            there("shop", "d", EXPIRED),
            there("over", "a", EXPIRED));
    podsOf.put("shop", List.of("a", "b", "d"));
    podsOf.put("over", List.of("a"));

    assertThat(lingering.among(candidates, OWNER))
        .isEqualTo(new StillNamed(Set.of(id("shop", "a"), id("shop", "b")), Map.of()));
    assertThat(listed).containsExactly("shop");
    assertThat(stored).containsEntry("shop/a", "");
  }

  @Test
  void aNamespaceWhosePodsCannotBeListedConcernsNoOther() {
    Set<ResourceId> candidates =
        Set.of(there("away", "a", ""), there("away", "b", ""), there("shop", "a", ""));
    refusing.put("away", 403);
    podsOf.put("shop", List.of("other"));

    StillNamed still = lingering.among(candidates, OWNER);

    assertThat(still.named()).isEmpty();
    assertThat(still.unknown())
        .containsOnlyKeys(id("away", "a"), id("away", "b"))
        .containsEntry(
            id("away", "a"), "cluster/faulty: cannot list pods in namespace away: answered 403.");
  }

  @Test
  void namespacesAreAskedSideBySide() {
    listing = new CountDownLatch(2);
    Set<ResourceId> candidates = Set.of(there("shop", "a", ""), there("web", "a", ""));
    podsOf.put("shop", List.of("a"));
    podsOf.put("web", List.of("a"));

    assertThat(lingering.among(candidates, OWNER).named()).isEqualTo(candidates);
  }

  /// A cycle applies nothing meanwhile: each of them must not cost the time of an answer.
  @Test
  @Timeout(15)
  void namespacesThatGiveNoAnswerAreWaitedForTogether() {
    var candidates = new TreeSet<ResourceId>();
    for (int i = 0; i < 12; i++) {
      silent.add("silent-" + i);
      candidates.add(there("silent-" + i, "a", ""));
    }

    StillNamed still =
        lingering(new PodNames(api, TARGET, Duration.ofSeconds(3))).among(candidates, OWNER);

    assertThat(still.named()).isEmpty();
    assertThat(still.unknown()).containsOnlyKeys(candidates);
    assertThat(listed).hasSize(4);
  }

  @Test
  @Timeout(15)
  void aNamespaceThatGivesNoAnswerHidesNoneOfTheOthers() {
    silent.add("silent");
    podsOf.put("shop", List.of("a"));
    Set<ResourceId> candidates =
        Set.of(there("silent", "a", ""), there("shop", "a", ""), there("web", "a", ""));

    StillNamed still =
        lingering(new PodNames(api, TARGET, Duration.ofSeconds(8))).among(candidates, OWNER);

    assertThat(still.named()).containsExactly(id("shop", "a"));
    assertThat(still.unknown()).containsOnlyKeys(id("silent", "a"));
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 500})
  void aNamespaceThatRefusesToForgetARetirementConcernsNoOther(int code) {
    Set<ResourceId> desired =
        Stream.of("away", "shop")
            .flatMap(namespace -> Stream.of("a", "b").map(name -> there(namespace, name, EXPIRED)))
            .collect(Collectors.toSet());
    refusing.put("away", code);
    try (var logs = new RecordedLogs()) {
      lingering.revive(desired, OWNER);

      assertThat(logs.count("retirement not written")).isEqualTo(1);
    }
    assertThat(stored)
        .containsOnly(
            Map.entry("away/a", EXPIRED),
            Map.entry("away/b", EXPIRED),
            Map.entry("shop/a", ""),
            Map.entry("shop/b", ""));
  }

  @Test
  void writesAgainAfterAConflict() {
    ResourceId id = there("shop", "a", "");
    conflicting.add("shop/a");

    lingering.retire(Set.of(id), OWNER);

    assertThat(stored).containsEntry("shop/a", NOW.toString());
    assertThat(conflicting).isEmpty();
  }

  @Test
  void theTimeOfASecretBeginsOnce() {
    String earlier = "2026-01-02T12:00:00Z";
    lingering.retire(Set.of(there("shop", "a", earlier), there("shop", "b", "")), OWNER);

    assertThat(stored).containsEntry("shop/a", earlier).containsEntry("shop/b", NOW.toString());
  }

  private static ResourceId id(String namespace, String name) {
    return new ResourceId(ResourceKind.PULL_SECRET, namespace, name);
  }

  private ResourceId there(String namespace, String name, String retiredAt) {
    stored.put(namespace + "/" + name, retiredAt);
    mirror(name).put(reading.secret(Json.parse(secret(namespace, name).getBytes(UTF_8))));
    return id(namespace, name);
  }

  private Mirror<SeenSecret> mirror(String name) {
    synchronized (mirrors) {
      return mirrors.computeIfAbsent(name, _ -> new Mirror<>((_, _) -> {}));
    }
  }

  private String secret(String namespace, String name) {
    return """
    {"metadata": {"name": "%2$s", "namespace": "%1$s", "uid": "u", "resourceVersion": "7",
      "labels": {
        "app.kubernetes.io/managed-by": "tidewaiter",
        "tidewaiter.dev/instance": "instance",
        "tidewaiter.dev/environment": "test"},
      "annotations": {
        "tidewaiter.dev/self": "%1$s/%2$s",
        "tidewaiter.dev/retired-at": "%3$s"}},
     "type": "kubernetes.io/dockerconfigjson",
     "data": {".dockerconfigjson": "eyJhdXRocyI6e319"}}
    """
        .formatted(namespace, name, stored.getOrDefault(namespace + "/" + name, ""));
  }

  private void answer(HttpExchange exchange) throws IOException {
    // api/v1/namespaces/NAMESPACE/pods, or …/secrets/NAME
    String[] path = exchange.getRequestURI().getPath().split("/", -1);
    String namespace = path[4];
    boolean ofPods = path[5].equals("pods");
    boolean writes = exchange.getRequestMethod().equals("PATCH");
    JsonNode sent = Json.parse(exchange.getRequestBody().readAllBytes());
    Integer refusal = ofPods || writes ? refusing.get(namespace) : null;
    if (refusal != null) {
      StubApi.answer(exchange, refusal, "{}");
    } else if (ofPods) {
      listed.add(namespace);
      if (silent.contains(namespace)) {
        await(hanging);
      }
      StubApi.answer(
          exchange, othersAreAsked() ? 200 : 500, pods(podsOf.getOrDefault(namespace, List.of())));
    } else if (writes && conflicting.remove(namespace + "/" + path[6])) {
      StubApi.answer(exchange, 409, "{}");
    } else {
      if (writes) {
        JsonNode retiredAt = sent.at("/metadata/annotations/tidewaiter.dev~1retired-at");
        stored.put(namespace + "/" + path[6], retiredAt.asString(""));
      }
      StubApi.answer(exchange, 200, secret(namespace, path[6]));
    }
  }

  private boolean othersAreAsked() {
    listing.countDown();
    return await(listing);
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String pods(List<String> names) {
    return names.stream()
        .map("{\"spec\": {\"imagePullSecrets\": [{\"name\": \"%s\"}]}}"::formatted)
        .collect(Collectors.joining(",", "{\"items\": [", "]}"));
  }
}
