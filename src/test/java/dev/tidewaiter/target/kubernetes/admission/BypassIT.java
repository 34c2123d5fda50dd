package dev.tidewaiter.target.kubernetes.admission;

import static dev.tidewaiter.target.kubernetes.admission.Environments.allowing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Clause;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testing.Await;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Ways around an allow-list that other policies left open, each tried on a real API server.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BypassIT {
  private static final String GOOD = "registry.acme.example/app:1";
  private static final String BAD = "quay.io/evil/app:1";
  private static final String NOT_ALLOWED = "image \"quay.io/evil/app:1\" is not allowed";

  private final PolicyServer server = new PolicyServer(KubeApiServer.shared());
  private final Environments environments = new Environments(server);
  private String namespace = "";

  @BeforeAll
  void putTheListInForce() {
    namespace =
        environments.denying(
            allowing(
                "registry.acme.example", "quay.io/acme", "docker.io/library", "localhost:5000"));
  }

  @Test
  void admitsWhatTheListNames() {
    var pod =
        Pods.withVolume(Pods.withInit(Pods.running(GOOD, "nginx"), GOOD), "quay.io/acme/data");

    assertThat(server.dryRun(namespace, pod).status()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "registry.acme.example.evil.io/app",
        "evil.io/registry.acme.example/app",
        "quay.io/acme-evil/app",
        "quay.io/acmeevil",
        "xregistry.acme.example/app",
        "registry.acme.example:8443/app",
        "registry.acme.example:443/app",
        "QUAY.io/evil/app",
        "quay.io./acme/app",
        "quay.io@evil.io/acme/app",
        "https://registry.acme.example/app",
        "registry.acme.example/../evil/app",
        "registry.acme.example//app",
        "registry.acme.example/App",
        "registry.acme.ex\u0430mple/app",
        "registry.acme.example\u200b/app",
        "registry.acme.example\uff0fapp",
        "registry.acme.example/app\nevil",
        "registry.acme.example/app@sha256:0123",
        "registry-1.docker.io/library/nginx",
        "localhost/app",
        "localhost:5001/app",
        "127.0.0.1:5000/app",
        "[::1]:5000/app",
        "registry.acme.example:0443/app",
        "1a3f5e7d9c1b3a5f7e9d1c3b5a7f9e1d3c5b7a9f1e3d5d7c9b1a3f5e7d9c1b3a",
      })
  void deniesWhatOnlyLooksLikeIt(String image) {
    var answer = server.dryRun(namespace, Pods.running(image));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.message()).contains("ValidatingAdmissionPolicy 'tidewaiter.test");
  }

  @Test
  void deniesInitContainers() {
    var answer = server.dryRun(namespace, Pods.withInit(Pods.running(GOOD), GOOD, BAD));

    assertThat(answer.message()).contains("denied request: init container i1: " + NOT_ALLOWED);
  }

  @Test
  void deniesImageVolumes() {
    var answer = server.dryRun(namespace, Pods.withVolume(Pods.running(GOOD), BAD));

    assertThat(answer.message()).contains("denied request: volume v0: " + NOT_ALLOWED);
  }

  @Test
  void deniesEphemeralContainersOfARunningPod() {
    server.run(namespace, Pods.named(Pods.running(GOOD), "debugged"));

    assertThat(server.debug(namespace, "debugged", BAD).message())
        .contains("denied request: ephemeral container e0: " + NOT_ALLOWED);
    assertThat(server.debug(namespace, "debugged", GOOD).status()).isEqualTo(200);
    assertThat(server.debug(namespace, "debugged", GOOD, BAD).status()).isEqualTo(403);
  }

  @Test
  void deniesAnotherImageInARunningPod() {
    server.run(namespace, Pods.named(Pods.withInit(Pods.running(GOOD), GOOD), "updated"));

    assertThat(server.patchPod(namespace, "updated", image("containers", "c0")).message())
        .contains("denied request: container c0: " + NOT_ALLOWED);
    assertThat(server.patchPod(namespace, "updated", image("initContainers", "i0")).message())
        .contains("denied request: init container i0: " + NOT_ALLOWED);
  }

  private static String image(String kind, String name) {
    return "{\"spec\":{\"%s\":[{\"name\":\"%s\",\"image\":\"%s\"}]}}".formatted(kind, name, BAD);
  }

  @Test
  void leavesLabelsOfAnOlderPodToItsOwner() {
    String elsewhere = server.namespace();
    server.run(elsewhere, Pods.withVolume(Pods.withInit(Pods.running(BAD), BAD), BAD));
    environments.deny(allowing("registry.acme.example"), new Clause.Names(List.of(elsewhere)));
    server.awaitDenials(elsewhere);

    String labels = "{\"metadata\":{\"labels\":{\"team\":\"payments\"}}}";
    assertThat(server.patchPod(elsewhere, "shop", labels).status()).isEqualTo(200);
    assertThat(server.debug(elsewhere, "shop", "registry.acme.example/debug").status())
        .isEqualTo(200);
    assertThat(server.debug(elsewhere, "shop", "quay.io/debug").status()).isEqualTo(403);
  }

  @Test
  void followsANamespaceThatIsRelabelledIntoTheEnvironmentAndOutOfIt() {
    String team = KubeApiServer.uniqueName("team");
    environments.deny(allowing("registry.acme.example"), new Clause.Labels(Map.of("team", team)));
    String inside = server.namespace(Map.of("team", team));
    String moving = server.namespace();
    server.awaitDenials(inside);
    assertThat(server.dryRun(moving, Pods.running(BAD)).status()).isEqualTo(201);

    server.patchNamespace(moving, "{\"metadata\":{\"labels\":{\"team\":\"" + team + "\"}}}");
    server.awaitDenials(moving);
    server.patchNamespace(moving, "{\"metadata\":{\"labels\":{\"team\":null}}}");
    Await.until(
        PolicyServer.LIMIT,
        () -> assertThat(server.dryRun(moving, Pods.running(BAD)).status()).isEqualTo(201));
  }

  @Test
  void staticNamesAreNoHosts() {
    String hub = environments.denying(allowing("localhost", "registry.acme.example"));

    // Without a slash they are images of Docker Hub.
    assertThat(server.dryRun(hub, Pods.running("localhost")).status()).isEqualTo(403);
    assertThat(server.dryRun(hub, Pods.running("registry.acme.example")).status()).isEqualTo(403);
    assertThat(server.dryRun(hub, Pods.running("localhost/app")).status()).isEqualTo(201);
  }

  @Test
  void namesEveryContainerUpToAFew() {
    var pod = Pods.running(GOOD, "a.example/1", "b.example/2", "c.example/3", "d.example/4");
    Pods.withInit(pod, "e.example/5", "f.example/6");

    String message = server.dryRun(namespace, pod).message();

    assertThat(message)
        .contains(
            "container c1: image \"a.example/1\" is not allowed in environment \"production\"")
        .endsWith(
            " Also not allowed: container c2 \"b.example/2\", container c3 \"c.example/3\","
                + " container c4 \"d.example/4\", init container i0 \"e.example/5\" and 1 more.");
  }

  @Test
  void tellsOfTheLongestListAndTheLongestImagesInOneMessage() {
    var prefixes = new TreeMap<String, String>();
    for (int i = 0; i < 500; i++) {
      String path = "team" + i + "/" + "p".repeat(200);
      prefixes.put("registry%03d.acme.example/%s".formatted(i, path), path);
    }
    String limited = environments.denying(allowing(prefixes.keySet().toArray(String[]::new)));
    String image = "quay.io/" + "x".repeat(200) + ":" + "t".repeat(128);

    assertThat(server.dryRun(limited, Pods.running(image, image, image)).message())
        .contains("container c0: image \"" + image + "\" is not allowed in environment");
    assertThat(server.dryRun(limited, Pods.running(prefixes.lastKey() + "/app")).status())
        .isEqualTo(201);
  }
}
