package dev.tidewaiter.target.kubernetes.admission;

import static dev.tidewaiter.target.kubernetes.admission.Environments.allowing;
import static dev.tidewaiter.target.kubernetes.admission.Environments.keeping;
import static dev.tidewaiter.target.kubernetes.admission.Environments.standard;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Clause;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testing.Await;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.node.ObjectNode;

/// Kubelets can show the static pods of their nodes, and nobody gets past a policy that way.
///
/// Beyond this server: a kubelet starts no pod with the annotation, since it takes it for the
/// mirror of a static pod that it does not have ([`HandlePodAdditions`](
/// https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kubelet.go)).
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MirrorPodsIT {
  private static final String BAD = "quay.io/evil/app:1";
  private static final String NODE = "system:node:node1";
  private static final String NODES = "system:nodes";

  private final PolicyServer server = new PolicyServer(KubeApiServer.shared());
  private final Environments environments = new Environments(server);
  private String namespace = "";

  @BeforeAll
  void putItInForce() {
    namespace = environments.denying(allowing("registry.acme.example"));
    environments.bind(
        standard(keeping("registry.acme.example/hub"), "registry-credentials"),
        new Clause.Names(List.of(namespace)));
    server.awaitDefault(namespace, "nginx", "registry.acme.example/hub/library/nginx");
    for (String group : List.of(NODES, "developers")) {
      letCreatePods(group);
    }
  }

  private void letCreatePods(String group) {
    String path = "/apis/rbac.authorization.k8s.io/v1/namespaces/" + namespace + "/rolebindings";
    ObjectNode binding =
        PolicyServer.object("rbac.authorization.k8s.io/v1", "RoleBinding", group.replace(':', '-'));
    binding
        .putObject("roleRef")
        .put("apiGroup", "rbac.authorization.k8s.io")
        .put("kind", "ClusterRole")
        .put("name", "cluster-admin");
    binding
        .putArray("subjects")
        .addObject()
        .put("apiGroup", "rbac.authorization.k8s.io")
        .put("kind", "Group")
        .put("name", group);
    PolicyServer.expect(server.send("POST", path, binding));
    Await.until(
        PolicyServer.LIMIT,
        () ->
            assertThat(server.dryRunAs("any", group, namespace, Pods.running("nginx")).status())
                .isEqualTo(201));
  }

  private static ObjectNode mirror(String... images) {
    return Pods.mirrored(Pods.onNode(Pods.running(images), "node1"));
  }

  @Test
  void letsAKubeletShowWhatItsNodeRuns() {
    var answer = server.dryRunAs(NODE, NODES, namespace, mirror(BAD, "nginx"));

    assertThat(PolicyServer.expect(answer).images("containers")).containsExactly(BAD, "nginx");
    assertThat(answer.pullSecrets()).isEmpty();
  }

  @Test
  void judgesEveryOtherPodOfANode() {
    var pod = Pods.onNode(Pods.running(BAD), "node1");

    assertThat(server.dryRunAs(NODE, NODES, namespace, pod).message())
        .contains("is not allowed in environment");
  }

  @Test
  void judgesPodsOfOthersThatPretendToBeMirrors() {
    assertThat(server.dryRunAs("eve", "developers", namespace, mirror(BAD)).message())
        .contains("a mirror pod may not reference secrets");

    String limited = environments.denying(allowing("registry.acme.example"));
    assertThat(server.dryRun(limited, mirror(BAD)).message())
        .contains("is not allowed in environment");
    assertThat(server.dryRun(limited, mirror("registry.acme.example/app")).status()).isEqualTo(201);
  }

  /// So no pod that a scheduler or a controller brings to a node can be a mirror.
  @Test
  void isNoMirrorWithoutANodeOrLater() {
    String free = server.namespace();
    assertThat(server.dryRun(free, Pods.mirrored(Pods.running(BAD))).message())
        .contains("must set spec.nodeName if mirror pod annotation is set");
    server.run(free, Pods.running(BAD));

    String later = "{\"metadata\":{\"annotations\":{\"kubernetes.io/config.mirror\":\"0\"}}}";
    assertThat(server.patchPod(free, "shop", later).message())
        .contains("may not add mirror pod annotation");
  }
}
