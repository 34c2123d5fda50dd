package dev.tidewaiter.target.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.policy.Workload;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testing.Await;
import io.fabric8.kubernetes.api.model.EphemeralContainerBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Workloads on a real API server, with the rights of the shipped manifest. No controller runs
/// there, so the test makes the owners and what they own.
class WorkloadsIT {
  private static final String GONE = "00000000-0000-0000-0000-000000000000";

  private final KubeApiServer server = KubeApiServer.shared();
  private final Daemon daemon = Daemon.open(server, KubeApiServer.uniqueName("instance"));
  private final String namespace = server.createNamespace("shop", "default");
  private final WorkloadMaker maker = new WorkloadMaker(server, namespace);

  @AfterEach
  void close() {
    daemon.close();
  }

  @Test
  void listsEverySortOnceWithTheImagesOfItsNextPod() throws TargetException {
    maker.deployment("web", 1, "web:1");
    maker.statefulSet("db", "db:1");
    maker.daemonSet("agent", "agent:1");
    maker.replicaSet("bare", "", 1, "bare:1");
    maker.job("once", "once:1");
    maker.cronJob("nightly", "nightly:1");
    maker.pod("alone", "", "alone:1");

    assertThat(images())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "Deployment/web", List.of("web:1"),
                "StatefulSet/db", List.of("db:1"),
                "DaemonSet/agent", List.of("agent:1"),
                "ReplicaSet/bare", List.of("bare:1"),
                "Job/once", List.of("once:1"),
                "CronJob/nightly", List.of("nightly:1"),
                "Pod/alone", List.of("alone:1")));
  }

  @Test
  void givesAnOwnerTheImagesThatOnlyItsPodsHave() throws TargetException {
    String web = WorkloadMaker.owner("Deployment", "web", maker.deployment("web", 1, "web:1"));
    String set =
        WorkloadMaker.owner("ReplicaSet", "web-7c", maker.replicaSet("web-7c", web, 1, "web:1"));
    maker.pod("as-planned", set, "web:1");
    maker.pod("edited", set, "edited.example/web:2");
    maker.pod("moved-by-a-default-registry", set, "registry.example/hub/library/web:1");
    maker.pod("with-a-sidecar", set, "web:1", "mesh.example/proxy:1");

    assertThat(images())
        .containsExactly(
            Map.entry(
                "Deployment/web",
                List.of("web:1", "edited.example/web:2", "mesh.example/proxy:1")));
  }

  @Test
  void seesEveryPlaceOfAnImage() throws TargetException {
    maker.create(
        "v1",
        "pods",
        "Pod",
        "all",
        "",
        """
        "priorityClassName": "system-node-critical",
        "imagePullSecrets": [{"name": "b"}, {"name": "a"}],
        "initContainers": [{"name": "init", "image": "init.example/x"}],
        "containers": [{"name": "main", "image": "main.example/x"},
                       {"name": "second", "image": "main.example/x"}],
        "volumes": [{"name": "data", "image": {"reference": "volume.example/x"}}]
        """);
    debug("all", "debug.example/x");

    Workload all = daemon.target().workloads(Set.of(namespace)).getFirst();

    assertThat(all.critical()).isTrue();
    assertThat(all.pullSecrets()).containsExactly("a", "b");
    assertThat(all.serviceAccount()).isEqualTo("default");
    assertThat(all.images())
        .containsExactlyInAnyOrder(
            "init.example/x", "main.example/x", "volume.example/x", "debug.example/x");
  }

  @Test
  void countsWhatHasNoReplicasAndLeavesOutWhatIsAtItsEnd() throws TargetException {
    maker.deployment("asleep", 0, "asleep:1");
    maker.replicaSet("old-revision", WorkloadMaker.owner("Rollout", "theirs", GONE), 0, "old:1");
    maker.pod("theirs", WorkloadMaker.owner("Rollout", "theirs", GONE), "theirs:1");
    maker.pod("done", "", "done:1");
    server
        .admin()
        .pods()
        .inNamespace(namespace)
        .withName("done")
        .editStatus(
            pod -> new PodBuilder(pod).withNewStatus().withPhase("Succeeded").endStatus().build());

    assertThat(images()).containsOnlyKeys("Deployment/asleep", "Pod/theirs");
  }

  @Test
  void listsTheSameFromTheWholeCluster() throws TargetException {
    maker.pod("alone", "", "alone:1");
    Set<String> all =
        server.admin().namespaces().list().getItems().stream()
            .map(each -> each.getMetadata().getName())
            .collect(Collectors.toSet());

    assertThat(daemon.target().workloads(all))
        .containsAll(daemon.target().workloads(Set.of(namespace)));
    assertThat(daemon.target().workloads(Set.of())).isEmpty();
  }

  @Test
  void leavesOutWhatANodeRunsByItselfAndWhatAWebhookFillsIn() throws TargetException {
    String web =
        WorkloadMaker.owner("Deployment", "gateway", maker.deployment("gateway", 1, "auto"));
    String set =
        WorkloadMaker.owner(
            "ReplicaSet", "gateway-7c", maker.replicaSet("gateway-7c", web, 1, "auto"));
    maker.pod("gateway-7c-x", set, "mesh.example/proxy:1");
    var mirror =
        new PodBuilder()
            .withNewMetadata()
            .withName("etcd-node1")
            .addToAnnotations("kubernetes.io/config.mirror", "0123")
            .endMetadata()
            .withNewSpec()
            .withNodeName("node1")
            .addNewContainer()
            .withName("etcd")
            .withImage("quay.io/etcd:3")
            .endContainer()
            .endSpec()
            .build();
    server.admin().pods().inNamespace(namespace).resource(mirror).create();

    assertThat(images())
        .containsExactly(Map.entry("Deployment/gateway", List.of("mesh.example/proxy:1")));
  }

  @Test
  void saysWhichRightIsMissing() throws IOException {
    String manifest = Files.readString(Path.of("src/main/kubernetes/rbac.yaml"));
    apply(manifest.replace("statefulsets, daemonsets,", "statefulsets,"));

    try {
      Await.until(
          Duration.ofSeconds(10),
          () ->
              assertThatThrownBy(() -> daemon.target().workloads(Set.of(namespace)))
                  .isInstanceOf(TargetException.class)
                  .hasMessageContaining("cannot list daemonsets: answered 403"));
    } finally {
      apply(manifest);
    }
  }

  private void apply(String manifest) {
    var stream = new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8));
    server.admin().load(stream).serverSideApply();
  }

  private void debug(String pod, String image) {
    var container = new EphemeralContainerBuilder().withName("debug").withImage(image).build();
    server
        .admin()
        .pods()
        .inNamespace(namespace)
        .withName(pod)
        .ephemeralContainers()
        .edit(
            live ->
                new PodBuilder(live)
                    .editSpec()
                    .addToEphemeralContainers(container)
                    .endSpec()
                    .build());
  }

  private Map<String, List<String>> images() throws TargetException {
    var images = new TreeMap<String, List<String>>();
    for (Workload workload : daemon.target().workloads(Set.of(namespace))) {
      assertThat(workload.namespace()).isEqualTo(namespace);
      images.put(workload.kind() + "/" + workload.name(), workload.images());
    }
    return images;
  }
}
