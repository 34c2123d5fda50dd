package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.AdditionOrder;
import dev.tidewaiter.config.DeclarationLoader;
import dev.tidewaiter.config.Declarations;
import dev.tidewaiter.config.LoadContext;
import dev.tidewaiter.config.Loaded;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.Snapshot;
import dev.tidewaiter.model.SnapshotEntry;
import dev.tidewaiter.testing.SampleRuntimes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What is said of an image on a host with an old and a new Docker, containerd and podman.
class HostPullsTest {
  private static final String DECLARED =
      """
      apiVersion: tidewaiter.dev/v1
      kind: Registry
      metadata: {name: quay}
      spec:
        address: quay.io
        credential: {basic: {username: acme, password: {vault: {path: secret/quay, key: password}}}}
        mirrors: [mirror.example/quay]
      ---
      apiVersion: tidewaiter.dev/v1
      kind: Registry
      metadata: {name: acme}
      spec:
        address: registry.acme.example
        credential: {basic: {username: acme, password: {vault: {path: secret/acme, key: password}}}}
      ---
      apiVersion: tidewaiter.dev/v1
      kind: RegistryPolicy
      metadata: {name: restricted}
      spec:
        defaultRegistry: registry.acme.example/hub
        allowedRegistries: [registry.acme.example, quay.io/acme]
      ---
      apiVersion: tidewaiter.dev/v1
      kind: Environment
      metadata: {name: production}
      spec:
        registries: [quay, acme]
        policy: restricted
        hosts:
          selector: {matchLabels: {role: worker}}
          runtimes: [docker, containerd, podman]
          credentials: {users: [root]}
      """;

  @Test
  void saysThatAnOldDockerDeniesNothing() {
    RuntimePull pull = on(SampleRuntimes.docker(), "evil.example/app");
    assertThat(pull.verdict()).isEqualTo("NotDenied");
    assertThat(pull.title())
        .startsWith("on docker 20.10.24: not denied, though it should be: image ");
    assertThat(pull.lines())
        .contains("cannot: the allow-list: this sample cannot do the allow-list")
        .contains("cannot: the default registry: this sample cannot do the default registry");
    assertThat(on(SampleRuntimes.docker(), "nginx").pulled()).isNull();
  }

  @Test
  void saysWhereDockerHubReallyComesFromAndThatALoginDoesNotGoThere() {
    RuntimePull docker = on(SampleRuntimes.newDocker(), "docker.io/acme/app:1");
    assertThat(docker.pulled()).isEqualTo("registry.acme.example/hub/acme/app:1");
    assertThat(docker.asked()).containsExactly("registry.acme.example");
    assertThat(docker.credentials()).isEmpty();
    assertThat(docker.lines()).containsExactly("credential: none, so pulled as anybody");
    assertThat(on(SampleRuntimes.containers(), "nginx").credentials()).containsExactly("user root");
  }

  @Test
  void admitsByHostOrByPathAsTheRuntimeCan() {
    String beside = "quay.io/other/app";
    RuntimePull containerd = on(SampleRuntimes.containerd(), beside);
    assertThat(containerd.verdict()).isEqualTo("Allowed");
    assertThat(containerd.detail()).contains("the whole of quay.io is admitted");
    assertThat(containerd.lines())
        .contains("cannot: paths on the allow-list: this sample cannot do paths on the allow-list");
    RuntimePull podman = on(SampleRuntimes.containers(), beside);
    assertThat(podman.verdict()).isEqualTo("Denied");
    assertThat(podman.lines()).isEmpty();
  }

  @Test
  void namesTheMirrorsThatAreAskedBeforeIt() {
    String image = "quay.io/acme/app";
    assertThat(on(SampleRuntimes.containers(), image).lines())
        .containsExactly(
            "asked in this order: mirror.example/quay, quay.io", "credential: of user root");
    RuntimePull old = on(SampleRuntimes.docker(), image);
    assertThat(old.asked()).containsExactly("quay.io");
    assertThat(old.lines()).contains("cannot: mirrors: this sample cannot do mirrors");
  }

  @Test
  void leavesOutRuntimesThatAreNotManaged() {
    Surroundings.Host host =
        new Surroundings.Host(
            Map.of("role", "worker"),
            List.of(
                new RuntimeFacts("kubelet", List.of("kubelet"), "", "", Map.of()),
                SampleRuntimes.newDocker()),
            Map.of(),
            List.of());
    List<RuntimePull> pulls = pulls(host, "quay.io/acme/app").all();
    assertThat(pulls).extracting(RuntimePull::runtime).containsExactly("docker");
    assertThat(pulls.getFirst().credentials()).as("no such user there").isEmpty();
  }

  @Test
  void namesRuntimesOfWhichNothingIsKnown() {
    var unknown =
        new TreeMap<>(
            Map.of("containerd", "it does not answer.", "kubelet", "must not be told: not listed"));
    var host =
        new Surroundings.Host(Map.of("role", "worker"), List.of(), Map.of(), List.of(), unknown);
    HostPulls pulls = pulls(host, "evil.example/app");
    assertThat(pulls.all()).isEmpty();
    assertThat(pulls.unknown()).containsExactly("not known: containerd: it does not answer.");
  }

  @Test
  void claimsNoDenialToBeInForce() {
    assertThat(on(SampleRuntimes.newDocker(), "evil.example/app").title())
        .startsWith(
            "on docker 29.0.0 with the containerd image store: denied as declared (`status` says"
                + " whether that is in force): ");
  }

  private static RuntimePull on(RuntimeFacts facts, String image) {
    var host =
        new Surroundings.Host(
            Map.of("role", "worker"), List.of(facts), Map.of("root", "/root"), List.of());
    return pulls(host, image).all().getFirst();
  }

  private static HostPulls pulls(Surroundings.Host host, String image) {
    Declarations declarations = declarations();
    return new HostPulls(
        declarations,
        Objects.requireNonNull(declarations.environments().get("production"), "declared above"),
        host,
        image);
  }

  private static Declarations declarations() {
    byte[] bytes = DECLARED.getBytes(StandardCharsets.UTF_8);
    var snapshot =
        new Snapshot(null, List.of(new SnapshotEntry.File("all.yaml", "1", FileContent.of(bytes))));
    var context = LoadContext.applying(null, AdditionOrder.unknown());
    return switch (new DeclarationLoader().load(snapshot, context)) {
      case Loaded.Accepted accepted -> accepted.declarations();
      case Loaded.Rejected rejected -> throw new AssertionError(rejected.problems().toString());
    };
  }
}
