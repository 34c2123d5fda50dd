package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class VerifyCommandTest {
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: base, namespace: shop}
      spec: {containers: [{name: base, image: "REGISTRY/acme/base:1"}]}
      """;

  @TempDir private Path directory;
  private RegistryFixture fixture;

  @BeforeEach
  void makeInstallation() throws IOException {
    fixture = new RegistryFixture(directory);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void anImageThatCanBePulledIsFound() throws IOException {
    Shell.Ended verify = fixture.run("verify", "-f", fixture.manifest("pod.yaml", POD).toString());
    assertThat(verify.err()).isEmpty();
    assertThat(verify.exitCode()).isZero();
    assertThat(verify.out())
        .contains("found        " + fixture.address() + "/acme/base:1  Registry lab in production")
        .contains("used by shop/Pod/base (" + directory)
        .endsWith("1 image: 1 found\n");
  }

  @Test
  void anImageThatIsNotThereIsMissing() throws IOException {
    Path file = fixture.manifest("pod.yaml", POD.replace("base:1", "base:2"));
    Shell.Ended verify = fixture.run("verify", "-f", file.toString());
    assertThat(verify.exitCode()).isEqualTo(5);
    assertThat(verify.out()).contains("missing").contains("answered 404").contains("1 missing");
  }

  @Test
  void aWrongPasswordIsRefusedAndNotShown() throws IOException {
    fixture.password("wrong: must not be shown");
    Path file = fixture.manifest("pod.yaml", POD);
    for (OutputFormat format : OutputFormat.values()) {
      Shell.Ended verify =
          fixture.run("verify", "-f", file.toString(), "--output", format.toString());
      assertThat(verify.exitCode()).isEqualTo(5);
      assertThat(verify.out()).contains("refused").doesNotContain("must not be shown");
    }
  }

  @Test
  void whatNoEnvironmentServesIsPulledAsAnybody() throws IOException {
    String elsewhere = POD.replace("namespace: shop", "namespace: kube-system");
    Path file = fixture.manifest("pod.yaml", elsewhere);
    Shell.Ended verify = fixture.run("verify", "-f", file.toString(), "-o", "json");
    JsonNode image = JsonMapper.shared().readTree(verify.out()).path("images").path(0);
    assertThat(image.has("environment")).isFalse();
    assertThat(image.has("registry")).isFalse();
    assertThat(image.path("result").asString())
        .as("plain HTTP is not tried where nobody declared it")
        .isEqualTo("unreachable");
    assertThat(verify.exitCode()).isEqualTo(4);
  }

  @Test
  void theEnvironmentMustBeNamedIfLabelsDecide() throws IOException {
    Path file = fixture.manifest("pod.yaml", POD.replace("namespace: shop", "namespace: cart"));
    Shell.Ended open = fixture.run("verify", "-f", file.toString());
    assertThat(open.exitCode()).isEqualTo(2);
    assertThat(open.err())
        .contains("namespace cart: Its labels or its project decide")
        .contains("--environment: staging");
    Shell.Ended named = fixture.run("verify", "-f", file.toString(), "--environment", "production");
    assertThat(named.exitCode()).isZero();
    assertThat(fixture.run("verify", "-f", file.toString(), "-e", "absent").exitCode())
        .isEqualTo(2);
  }

  @Test
  void aCredentialThatIsNotKnownLeavesTheAnswerOpen() throws IOException {
    Files.delete(directory.resolve("secrets/password"));
    Path file = fixture.manifest("pod.yaml", POD);
    Shell.Ended verify = fixture.run("verify", "-f", file.toString());
    assertThat(verify.out()).contains("unknown").contains("secrets/password");
    assertThat(verify.exitCode()).isEqualTo(4);
  }

  @Test
  void everyWorkloadOfAFolderIsLookedThrough() throws IOException {
    fixture.manifest("a/workloads.yaml", WORKLOADS);
    fixture.manifest("b/list.json", LIST);
    fixture.manifest(".hidden/pod.yaml", POD.replace("base:1", "must not be read:1"));
    fixture.manifest("README.md", "must not be read");
    Shell.Ended verify =
        fixture.run(
            "verify", "-f", directory.resolve("manifests").toString(), "-n", "shop", "-o", "json");
    JsonNode document = JsonMapper.shared().readTree(verify.out());
    assertThat(document.path("images"))
        .extracting(image -> image.path("image").asString().replace(fixture.address(), "REGISTRY"))
        .containsExactlyInAnyOrder(
            "REGISTRY/acme/base:1",
            "REGISTRY/acme/init:1",
            "REGISTRY/acme/debug:1",
            "REGISTRY/acme/volume:1",
            "REGISTRY/acme/stateful:1",
            "REGISTRY/acme/daemon:1",
            "REGISTRY/acme/replicas:1",
            "REGISTRY/acme/controller:1",
            "REGISTRY/acme/job:1",
            "REGISTRY/acme/cron:1",
            "REGISTRY/acme/listed:1",
            "Not An Image");
    assertThat(document.path("passedOver"))
        .extracting(JsonNode::asString)
        .containsExactly("(no kind)", "Service");
    assertThat(document.path("images"))
        .filteredOn(image -> image.path("image").asString().equals("Not An Image"))
        .extracting(image -> image.path("result").asString())
        .containsExactly("invalid");
    assertThat(verify.exitCode()).isEqualTo(5);
  }

  @Test
  void standardInputIsRead() {
    InputStream before = System.in;
    String pod = POD.replace("REGISTRY", fixture.address());
    try {
      System.setIn(new ByteArrayInputStream(pod.getBytes(StandardCharsets.UTF_8)));
      Shell.Ended verify = fixture.run("verify", "-f", "-");
      assertThat(verify.out()).contains("standard input").endsWith("1 image: 1 found\n");
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void whatCannotBeReadIsWrongUsage() throws IOException {
    assertThat(fixture.run("verify", "-f", directory.resolve("absent.yaml").toString()).exitCode())
        .isEqualTo(2);
    Path broken = fixture.manifest("broken.yaml", "a: [1\nb: must not be quoted");
    Shell.Ended verify = fixture.run("verify", "-f", broken.toString());
    assertThat(verify.exitCode()).isEqualTo(2);
    assertThat(verify.err()).contains("broken.yaml:2:2").doesNotContain("must not be quoted");
    assertThat(fixture.run("verify").exitCode()).isEqualTo(2);
  }

  @Test
  void declarationsThatAreRejectedAreSaidAfterTheImages() throws IOException {
    Path file = fixture.manifest("pod.yaml", POD);
    assertThat(fixture.run("verify", "-f", file.toString()).exitCode()).isZero();
    fixture.repository().write("registries/lab.yaml", "kind: Nonsense\n").commit("Broken");
    Shell.Ended verify = fixture.run("verify", "-f", file.toString());
    assertThat(verify.out()).startsWith("Stalled: ").contains("1 found");
    assertThat(verify.exitCode()).isEqualTo(3);
  }

  private static final String WORKLOADS =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, annotations: &same {x: "1"}}
      spec:
        template:
          metadata: {annotations: *same}
          spec:
            initContainers: [{name: i, image: "REGISTRY/acme/init:1"}]
            ephemeralContainers: [{name: e, image: "REGISTRY/acme/debug:1"}]
            containers:
              - {name: c, image: "REGISTRY/acme/base:1"}
              - {name: d, image: "REGISTRY/acme/base:1"}
              - {name: broken, image: "Not An Image"}
              - {name: injected}
            volumes:
              - {name: v, image: {reference: "REGISTRY/acme/volume:1"}}
              - {name: w, emptyDir: {}}
      ---
      {kind: StatefulSet, spec: {template: {spec: {containers: [{image: "REGISTRY/acme/stateful:1"}]}}}}
      ---
      {kind: DaemonSet, spec: {template: {spec: {containers: [{image: "REGISTRY/acme/daemon:1"}]}}}}
      ---
      {kind: ReplicaSet, spec: {template: {spec: {containers: [{image: "REGISTRY/acme/replicas:1"}]}}}}
      ---
      {kind: ReplicationController, spec: {template: {spec: {containers: [{image: "REGISTRY/acme/controller:1"}]}}}}
      ---
      {kind: Job, spec: {template: {spec: {containers: [{image: "REGISTRY/acme/job:1"}]}}}}
      ---
      {kind: CronJob, spec: {jobTemplate: {spec: {template: {spec: {containers: [{image: "REGISTRY/acme/cron:1"}]}}}}}}
      ---
      ---
      just: something else
      """;

  private static final String LIST =
      """
      {"apiVersion": "v1", "kind": "List", "items": [
        {"kind": "Service", "spec": {}},
        {"kind": "Pod", "spec": {"containers": [{"image": "REGISTRY/acme/listed:1"}]}}]}
      """;
}
