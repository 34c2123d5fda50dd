package dev.tidewaiter.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.DockerdServer;
import dev.tidewaiter.testbed.IsolatedJvm;
import dev.tidewaiter.testbed.RegistryServer;
import dev.tidewaiter.testbed.TidewaiterProcess.Result;
import dev.tidewaiter.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What [ClusterAndDockerIT] runs in namespaces where the host is its own: one instance that serves
/// the cluster and the host.
public final class ClusterAndDockerJourney {
  private static final String IMAGE = "demo/hello";

  /// Served over plain HTTP, to which dockerd must be told to agree.
  private static final String ALLOWED = IsolatedJvm.ADDRESS + ":5000";

  /// On loopback, where dockerd needs to be told nothing.
  private static final String OTHER = "127.0.0.1:5001";

  private final DockerdServer engine;
  private final Tenants tenants = new Tenants();
  private final Pods pods = new Pods(tenants.add("default"));
  private final Deployment deployment;

  private ClusterAndDockerJourney(DockerdServer engine, Path directory) {
    this.engine = engine;
    this.deployment =
        Deployment.with(
            directory,
            Map.of("host", "host: {root: /, labels: {tenant: %s}}".formatted(tenants.name())));
  }

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[1]);
    Path images = directory.resolve("images");
    RegistryServer.store(images, IMAGE, "1");
    giveDefaultRoute();
    try (RegistryServer _ =
            RegistryServer.start(images, RegistryServer.Options.plain(IsolatedJvm.ADDRESS, 5000));
        RegistryServer _ =
            RegistryServer.start(images, RegistryServer.Options.plain("127.0.0.1", 5001));
        DockerdServer engine = DockerdServer.start(Path.of(arguments[0]), directory, List.of())) {
      var journey = new ClusterAndDockerJourney(engine, directory);
      try (Deployment _ = journey.deployment) {
        journey.governsAndLetsGo();
      }
    }
    System.exit(0);
  }

  /// By which kube-apiserver finds out its own address.
  private static void giveDefaultRoute() throws Exception {
    var ip = new ProcessBuilder("ip", "route", "add", "default", "dev", "lo").inheritIO();
    assertThat(ip.start().waitFor()).isZero();
  }

  private void governsAndLetsGo() throws Exception {
    Map<Path, String> before = settings();
    assertThat(pulls()).containsExactly(false, true);
    Servers.prepareProof();
    declare("Active");
    deployment.startReady();

    assertThat(pods.ask(ALLOWED + "/" + IMAGE + ":1").isRefused()).isFalse();
    assertThat(pods.ask(OTHER + "/" + IMAGE + ":1").refusal()).contains("restricted", OTHER);
    assertThat(pulls()).as(engine.log()).containsExactly(true, false);
    assertReported();
    assertExplained();

    declare("Retired");
    deployment.awaitReady();

    Await.until(Deployment.LIMIT, () -> assertThat(settings()).isEqualTo(before));
    Await.until(
        Deployment.LIMIT,
        () -> assertThat(pods.ask(OTHER + "/" + IMAGE + ":1").isRefused()).isFalse());
    assertThat(pulls()).as(engine.log()).containsExactly(false, true);
    assertThat(tenants.traces()).isEmpty();
  }

  private void declare(String state) {
    deployment
        .repository()
        .write(
            "registries.yaml",
            """
            apiVersion: tidewaiter.dev/v1
            kind: Registry
            metadata: {name: lab}
            spec: {address: "%1$s", credential: {anonymous: {}}, tls: {insecure: true}}
            ---
            apiVersion: tidewaiter.dev/v1
            kind: RegistryPolicy
            metadata: {name: restricted}
            spec: {allowedRegistries: ["%1$s"], enforcement: Deny}
            """
                .formatted(ALLOWED));
    deployment
        .environment(
            tenants,
            List.of("lab"),
            "state: " + state,
            "policy: restricted",
            "hosts: {selector: {matchLabels: {tenant: %s}}, runtimes: [docker]}"
                .formatted(tenants.name()))
        .commit(state);
  }

  private List<Boolean> pulls() {
    return List.of(
        engine.pulls(ALLOWED + "/" + IMAGE, "1"), engine.pulls(OTHER + "/" + IMAGE, "1"));
  }

  private void assertReported() {
    JsonNode targets = deployment.status().path("targets");
    assertThat(targets).hasSize(2);
    assertThat(targets.findValuesAsString("environment"))
        .containsExactly("production", "production");
    assertThat(targets.toString()).doesNotContain("ProofFailed", "ProofInconclusive");
    JsonNode docker = targets.get(1).path("runtimes").get(0);
    assertThat(docker.path("runtime").asString()).isEqualTo("docker");
    assertThat(docker.path("version").asString()).startsWith("29.");
    assertThat(docker.path("can").toString()).contains("\"AllowList\"", "\"DefaultRegistry\"");
  }

  private void assertExplained() {
    Result denied = deployment.run("explain", OTHER + "/" + IMAGE, "--host");
    assertThat(denied.exitCode()).as(denied.output()).isZero();
    assertThat(denied.stdout()).contains("on docker 29.", ": denied as declared (", "): image ");
  }

  /// All files below `/etc/docker`.
  private static Map<Path, String> settings() throws IOException {
    var settings = new TreeMap<Path, String>();
    try (Stream<Path> paths = Files.walk(Path.of("/etc/docker"))) {
      for (Path path : paths.toList()) {
        settings.put(path, Files.isRegularFile(path) ? Files.readString(path) : "");
      }
    }
    return settings;
  }
}
