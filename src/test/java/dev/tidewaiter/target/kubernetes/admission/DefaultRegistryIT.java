package dev.tidewaiter.target.kubernetes.admission;

import static dev.tidewaiter.target.kubernetes.admission.Environments.NONE;
import static dev.tidewaiter.target.kubernetes.admission.Environments.keeping;
import static dev.tidewaiter.target.kubernetes.admission.Environments.standard;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Clause;
import dev.tidewaiter.desired.Exemption;
import dev.tidewaiter.desired.PolicyObject;
import dev.tidewaiter.policy.DefaultRegistry;
import dev.tidewaiter.policy.LibraryPrefix;
import dev.tidewaiter.policy.RepositoryPrefix;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testing.Await;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What becomes of new pods where a default registry is applied and pull Secrets are injected, on a
/// real API server.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DefaultRegistryIT {
  private static final String HUB = "registry.acme.example/hub/";
  private static final DefaultRegistry REGISTRY = keeping("registry.acme.example/hub");
  private static final String NGINX = HUB + "library/nginx";

  private final PolicyServer server = new PolicyServer(KubeApiServer.shared());
  private final Environments environments = new Environments(server);
  private String namespace = "";

  @BeforeAll
  void putItInForce() {
    namespace = environments.defaulting(standard(REGISTRY, "first", "second"), "nginx", NGINX);
  }

  @Test
  void movesImagesOfEveryKindAndKeepsTheirOrder() {
    var pod =
        Pods.running("nginx", "quay.io/app", "acme/app:1", "docker.io/nginx", "library/redis");
    Pods.withInit(pod, "quay.io/first", "second", "ghcr.io/third", "acme/fourth", "quay.io/fifth");
    Pods.withVolume(pod, "quay.io/data", "data:1", "acme/data");

    var answer = server.dryRun(namespace, pod);

    assertThat(answer.images("containers"))
        .containsExactly(
            NGINX, "quay.io/app", HUB + "acme/app:1", "docker.io/nginx", HUB + "library/redis");
    assertThat(answer.images("initContainers"))
        .containsExactly(
            "quay.io/first",
            HUB + "library/second",
            "ghcr.io/third",
            HUB + "acme/fourth",
            "quay.io/fifth");
    assertThat(answer.volumeReferences())
        .containsExactly("quay.io/data", HUB + "library/data:1", HUB + "acme/data");
  }

  @Test
  void keepsEverythingElseOfAContainer() {
    ObjectNode pod =
        (ObjectNode)
            JsonMapper.shared()
                .readTree(
                    """
                    {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "shop"}, "spec": {
                      "volumes": [{"name": "data", "image": {"reference": "data", "pullPolicy": "Never"}}],
                      "containers": [{"name": "app", "image": "nginx", "args": ["--one", "--two"],
                        "env": [{"name": "A", "value": "1"}, {"name": "B"}, {"name": "A", "value": "2"}],
                        "ports": [{"containerPort": 80}, {"containerPort": 80, "protocol": "UDP"}],
                        "volumeMounts": [{"name": "data", "mountPath": "/data"}]}]}}
                    """);
    var before = server.dryRun(server.namespace(), pod).body().path("spec");

    var after = server.dryRun(namespace, pod).body().path("spec");

    var expected = Pods.copy(before);
    ((ObjectNode) expected.path("containers").get(0)).put("image", NGINX);
    expected.withArray("imagePullSecrets").addObject().put("name", "first");
    expected.withArray("imagePullSecrets").addObject().put("name", "second");
    // The token's volume has a name of its own in every pod.
    for (ObjectNode spec : List.of(expected, (ObjectNode) after)) {
      assertThat(spec.withArray("volumes").remove(1).has("projected")).isTrue();
      ((ObjectNode) spec.path("containers").get(0)).withArray("volumeMounts").remove(1);
    }
    expected.withArray("volumes").get(0).withObject("image").put("reference", HUB + "library/data");
    assertThat(after).isEqualTo(expected);
  }

  @Test
  void addsPullSecretsToThoseOfThePodAndNoneTwice() {
    var own = Pods.withSecrets(Pods.running("quay.io/app"), "mine", "second");

    assertThat(server.dryRun(namespace, own).pullSecrets())
        .containsExactly("mine", "second", "first");
    assertThat(server.dryRun(namespace, Pods.running("quay.io/app")).pullSecrets())
        .containsExactly("first", "second");
  }

  @Test
  void addsPullSecretsToThoseOfTheServiceAccount() {
    String path = "/api/v1/namespaces/" + namespace + "/serviceaccounts";
    ObjectNode account = PolicyServer.object("v1", "ServiceAccount", "deployer");
    account.putArray("imagePullSecrets").addObject().put("name", "of-the-account");
    PolicyServer.expect(server.send("POST", path, account));
    var pod = Pods.running("quay.io/app");
    pod.withObject("spec").put("serviceAccountName", "deployer");

    assertThat(server.dryRun(namespace, pod).pullSecrets())
        .containsExactly("of-the-account", "first", "second");
  }

  @Test
  void leavesAPodAloneThatNeedsNothing() {
    var pod = Pods.withSecrets(Pods.running("quay.io/app", "a b", "Nginx"), "second", "first");

    var answer = server.dryRun(namespace, pod);

    assertThat(answer.pullSecrets()).containsExactly("second", "first");
    assertThat(answer.images("containers")).containsExactly("quay.io/app", "a b", "Nginx");
  }

  /// A gateway of Istio, whose webhook comes after policies.
  @Test
  void leavesAnImageThatAWebhookFillsIn() {
    var answer = server.dryRun(namespace, Pods.running("auto", "auto:1", "acme/auto"));

    assertThat(answer.images("containers"))
        .containsExactly("auto", HUB + "library/auto:1", HUB + "acme/auto");
  }

  @Test
  void leavesWhatIsNoPodToTheServersOwnWords() {
    ObjectNode pod = Pods.running("nginx");
    ((ObjectNode) pod.path("spec").path("containers").get(0)).remove("name");

    assertThat(server.dryRun(namespace, pod).message())
        .contains("spec.containers[0].name: Required value");
    assertThat(server.dryRun(namespace, Pods.running()).message())
        .contains("spec.containers: Required value");
    assertThat(server.dryRun(namespace, Pods.running("")).message())
        .contains("spec.containers[0].image: Required value");
  }

  @Test
  void leavesRunningPodsAsTheyAreButForEphemeralContainersThatAreAdded() {
    String older = server.namespace();
    var pod = Pods.withVolume(Pods.withInit(Pods.running("nginx"), "redis"), "data");
    server.run(older, pod);
    PolicyServer.expect(server.debug(older, "shop", "busybox"));
    environments.bind(standard(REGISTRY, "first"), new Clause.Names(List.of(older)));
    server.awaitDefault(older, "nginx", NGINX);

    String labels = "{\"metadata\":{\"labels\":{\"team\":\"payments\"}}}";
    PolicyServer.expect(server.patchPod(older, "shop", labels));
    var answer = PolicyServer.expect(server.debug(older, "shop", "debug"));

    assertThat(answer.images("containers")).containsExactly("nginx");
    assertThat(answer.images("initContainers")).containsExactly("redis");
    assertThat(answer.volumeReferences()).containsExactly("data");
    assertThat(answer.images("ephemeralContainers"))
        .containsExactly("busybox", HUB + "library/debug");
    assertThat(answer.pullSecrets()).isEmpty();
  }

  @Test
  void dropsLibraryWhereTheRegistryHasNone() {
    var dropping =
        new DefaultRegistry(RepositoryPrefix.parse("mirror.acme.example:5000"), LibraryPrefix.DROP);
    String mirror = "mirror.acme.example:5000/";
    String other = environments.defaulting(standard(dropping), "nginx", mirror + "nginx");

    assertThat(
            server
                .dryRun(other, Pods.running("library/nginx:1", "library/acme/app", "acme/app"))
                .images("containers"))
        .containsExactly(mirror + "nginx:1", mirror + "library/acme/app", mirror + "acme/app");
  }

  @Test
  void injectsWithoutADefaultRegistry() {
    String other = server.namespace();
    var policy = new PolicyObject.Default("production", null, List.of("first"), NONE);
    environments.bind(policy, new Clause.Names(List.of(other)));

    Await.until(
        PolicyServer.LIMIT,
        () ->
            assertThat(server.dryRun(other, Pods.running("nginx")).pullSecrets())
                .containsExactly("first"));
    assertThat(server.dryRun(other, Pods.running("nginx")).images("containers"))
        .containsExactly("nginx");
  }

  @Test
  void leavesExemptNamespacesAlone() {
    String exempt = server.namespace();
    String governed = server.namespace();
    var exemption = new Exemption(List.of(exempt), List.of());
    var policy = new PolicyObject.Default("production", REGISTRY, List.of("first"), exemption);
    environments.bind(policy, new Clause.Names(List.of(exempt, governed)));
    server.awaitDefault(governed, "nginx", NGINX);

    var answer = server.dryRun(exempt, Pods.running("nginx"));
    assertThat(answer.images("containers")).containsExactly("nginx");
    assertThat(answer.pullSecrets()).isEmpty();
  }

  /// Others add containers, before us and after us.
  @Test
  void isInvokedAgainForWhatAnotherPolicyAdds() {
    String other = environments.defaulting(standard(REGISTRY, "first"), "nginx", NGINX);
    server.sidecar(KubeApiServer.uniqueName("a-foreign"), other, "before");
    server.sidecar(KubeApiServer.uniqueName("z-foreign"), other, "after");

    Await.until(
        PolicyServer.LIMIT,
        () -> {
          var answer = server.dryRun(other, Pods.running("nginx"));
          assertThat(answer.images("containers"))
              .containsExactlyInAnyOrder(NGINX, HUB + "library/before", HUB + "library/after");
          assertThat(answer.pullSecrets()).containsExactly("first");
        });
  }
}
