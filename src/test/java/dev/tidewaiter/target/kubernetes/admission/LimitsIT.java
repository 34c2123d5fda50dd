package dev.tidewaiter.target.kubernetes.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.RuleBook;
import dev.tidewaiter.testbed.KubeApiServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What a policy may cost on an API server: a list of 500 entries, and pods of 100 containers of
/// every kind.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LimitsIT {
  private final PolicyServer server = new PolicyServer(KubeApiServer.shared());
  private String namespace = "";

  @BeforeAll
  void putALongListInForce() {
    var prefixes = new ArrayList<String>(List.of("registry.acme.example/hub"));
    for (int i = 1; i < 500; i++) {
      // All of one host, and to several depths.
      prefixes.add("quay.io/team-%d/project".formatted(i) + "/x".repeat(i % 3));
    }
    RuleBook rules = Environments.allowing(prefixes.toArray(String[]::new));
    var registry = Environments.keeping("registry.acme.example/hub");
    namespace = new Environments(server).governed(new Regime(rules, registry, Set.of()));
  }

  @Test
  void judgesAHundredContainersOfEveryKind() {
    var pod = Pods.running(images("quay.io/team-499/project/x/app-%d:1.0"));
    Pods.withInit(pod, images("team/a-service-%d:1.0").toArray(String[]::new));
    Pods.withVolume(pod, images("nginx:%d").toArray(String[]::new));

    var answer = server.dryRun(namespace, pod);

    assertThat(answer.message()).isEmpty();
    assertThat(answer.images("initContainers"))
        .isEqualTo(images("registry.acme.example/hub/team/a-service-%d:1.0"));
    assertThat(answer.volumeReferences())
        .isEqualTo(images("registry.acme.example/hub/library/nginx:%d"));
  }

  @Test
  void judgesAHundredOfTheLongestImages() {
    String tail = ":" + "t".repeat(128) + "@sha512:" + "0123456789abcdef".repeat(8);
    String longest = "registry.acme.example/hub/" + "ab/".repeat(80) + "%03d" + tail;

    assertThat(server.dryRun(namespace, Pods.running(images(longest))).message()).isEmpty();
    assertThat(
            server
                .dryRun(namespace, Pods.running(images("ab/".repeat(70) + "%d" + tail)))
                .message())
        .isEmpty();
  }

  @Test
  void findsTheOneContainerAmongAHundredThatIsNotAllowed() {
    List<String> images = new ArrayList<>(images("quay.io/team-%d/project/x/x/app"));
    images.set(0, "quay.io/team-498/project/x");
    images.set(99, "quay.io/team-600/project/app");
    images.replaceAll(i -> i.startsWith("quay.io/team-600") ? i : "quay.io/team-498/project/app");

    assertThat(server.dryRun(namespace, Pods.running(images)).message())
        .contains("container c99: image \"quay.io/team-600/project/app\" is not allowed")
        .doesNotContain("Also not allowed");
  }

  @Test
  void updatesAPodOfAHundredContainers() {
    server.run(namespace, Pods.named(Pods.running(images("team/app-%d")), "crowded"));

    String labels = "{\"metadata\":{\"labels\":{\"team\":\"payments\"}}}";
    assertThat(server.patchPod(namespace, "crowded", labels).status()).isEqualTo(200);
    String[] more = images("team/debug-%d").toArray(String[]::new);
    var answer = server.debug(namespace, "crowded", more);
    assertThat(answer.message()).isEmpty();
    assertThat(answer.images("ephemeralContainers"))
        .isEqualTo(images("registry.acme.example/hub/team/debug-%d"));
  }

  private static List<String> images(String pattern) {
    return IntStream.range(0, 100).mapToObj(pattern::formatted).toList();
  }
}
