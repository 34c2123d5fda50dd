package dev.tidewaiter.target.host.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostTarget;
import dev.tidewaiter.target.host.LocalFiles;
import dev.tidewaiter.target.host.StateStore;
import dev.tidewaiter.testbed.DockerdServer;
import dev.tidewaiter.testbed.IsolatedJvm;
import dev.tidewaiter.testbed.RegistryServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What [DockerHostIT] runs inside an [IsolatedJvm]: the adapter with `/` as its root.
public final class DockerHostScenario {
  private static final String ENVIRONMENT = "production";
  private static final String REGISTRY = IsolatedJvm.ADDRESS + ":5000";
  private static final Path SETTINGS = Path.of("/etc/docker/daemon.json");
  private static final Compiled.Payloads NO_PAYLOADS = (_, _) -> null;

  private final Path dockerd;
  private final Path directory;
  private final HostTarget target;

  private DockerHostScenario(Path dockerd, Path directory) throws IOException {
    this.dockerd = dockerd;
    this.directory = directory;
    Path root = Path.of("/");
    var changes = new FileChanges(new LocalFiles(root), StateStore.in(directory.resolve("state")));
    var runtime =
        new DockerRuntime(
            changes,
            DockerRuntime.engineFor(root),
            Sealer.withRandomKey(),
            Duration.ofSeconds(5),
            System::nanoTime);
    var identity = new HostTarget.Identity("isolated", root, Map.of());
    this.target = new HostTarget(identity, changes, List.of(runtime));
  }

  public static void main(String[] arguments) throws Exception {
    var scenario = new DockerHostScenario(Path.of(arguments[1]), Path.of(arguments[2]));
    switch (arguments[0]) {
      case "trustsAPrivateCaWithoutRestart" -> scenario.trustsAPrivateCaWithoutRestart();
      case "marksInsecureAndTakesItBack" -> scenario.marksInsecureAndTakesItBack();
      case "appliesAgainWhatTheEngineDoesNotShow" ->
          scenario.appliesAgainWhatTheEngineDoesNotShow();
      case "rollsBackWhatTheEngineRefuses" -> scenario.rollsBackWhatTheEngineRefuses();
      case "refusesWhereAReloadWouldDoHarm" -> scenario.refusesWhereAReloadWouldDoHarm();
      case "writesFilesWhileNoEngineRuns" -> scenario.writesFilesWhileNoEngineRuns();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
    System.exit(0);
  }

  private void trustsAPrivateCaWithoutRestart() throws Exception {
    Certificates certificates = Certificates.create(directory, IsolatedJvm.ADDRESS);
    RegistryServer.store(directory, "demo/hello", "1");
    var options =
        RegistryServer.Options.plain(IsolatedJvm.ADDRESS, 5000)
            .withTls(certificates.certificate(), certificates.key());
    String ca = Files.readString(certificates.ca());
    String path = "etc/docker/certs.d/" + REGISTRY + "/ca.crt";
    var id = new ResourceId(ResourceKind.CERTIFICATE_FILE, "docker", path);
    try (RegistryServer _ = RegistryServer.start(directory, options);
        DockerdServer engine = start()) {
      Map<Path, String> before = tree();
      assertThat(engine.pulls(REGISTRY + "/demo/hello", "1")).as("before").isFalse();
      var fields = new TreeMap<String, FieldValue>();
      fields.put("content", new FieldValue.Plain("sha256 of the CA"));
      fields.put("mode", new FieldValue.Plain("0644"));
      applied(
          target.apply(
              ENVIRONMENT,
              new Change.Create(id, fields),
              (_, _) -> new Payload.Text(Secret.of(ca))));
      assertThat(engine.pulls(REGISTRY + "/demo/hello", "1")).as(engine.log()).isTrue();
      applied(target.apply(ENVIRONMENT, new Change.Prune(id), NO_PAYLOADS));
      assertThat(tree()).isEqualTo(before);
      assertThat(engine.pulls(REGISTRY + "/demo/hello", "1")).as("after").isFalse();
    }
  }

  private void marksInsecureAndTakesItBack() throws Exception {
    RegistryServer.store(directory, "demo/hello", "1");
    var options = RegistryServer.Options.plain(IsolatedJvm.ADDRESS, 5000);
    String settings =
        "{\n\t\"log-level\":   \"info\",\n\t\"debug\": false, \"max-concurrent-uploads\": 4}";
    Files.writeString(SETTINGS, settings);
    try (RegistryServer _ = RegistryServer.start(directory, options);
        DockerdServer engine = start()) {
      Map<Path, String> before = tree();
      assertThat(engine.pulls(REGISTRY + "/demo/hello", "1")).as("before").isFalse();
      applied(target.apply(ENVIRONMENT, insecure(REGISTRY, "other.test:1"), NO_PAYLOADS));
      assertThat(Files.readString(SETTINGS))
          .startsWith(
              "{\n\t\"log-level\":   \"info\",\n\t\"debug\": false, \"max-concurrent-uploads\": 4,");
      assertThat(engine.info()).contains("other.test:1");
      assertThat(engine.pulls(REGISTRY + "/demo/hello", "1")).as(engine.log()).isTrue();
      applied(target.apply(ENVIRONMENT, new Change.Prune(settingsId()), NO_PAYLOADS));
      assertThat(tree()).isEqualTo(before);
      assertThat(engine.info()).doesNotContain("other.test:1");
      assertThat(engine.pulls(REGISTRY + "/demo/hello", "1")).as("after").isFalse();
    }
  }

  private void appliesAgainWhatTheEngineDoesNotShow() throws Exception {
    try (DockerdServer _ = start()) {
      applied(target.apply(ENVIRONMENT, insecure(REGISTRY), NO_PAYLOADS));
      assertThat(value()).isEqualTo(new FieldValue.Plain("present"));
      byte[] ours = Files.readAllBytes(SETTINGS);
      Files.writeString(SETTINGS, "{\"insecure-registries\": []}");
      engine().reload();
      await(() -> !engine().info().insecure().contains(REGISTRY));
      assertThat(value()).isEqualTo(new FieldValue.Plain("absent"));
      Files.write(SETTINGS, ours);
      assertThat(value()).isEqualTo(new FieldValue.Plain("not in force"));
      applied(target.apply(ENVIRONMENT, insecure(REGISTRY), NO_PAYLOADS));
      assertThat(value()).isEqualTo(new FieldValue.Plain("present"));
    }
  }

  // dockerd refuses a file with an unknown key as a whole, and stays alive.
  private void rollsBackWhatTheEngineRefuses() throws Exception {
    try (DockerdServer engine = start()) {
      String refused = "{\"no-such-key\": 1}\n";
      Files.writeString(SETTINGS, refused);
      Outcome outcome = target.apply(ENVIRONMENT, insecure(REGISTRY), NO_PAYLOADS);
      failed(outcome, FailureReason.NotEffective);
      assertThat(SETTINGS).hasContent(refused.strip());
      assertThat(target.environments()).isEmpty();
      assertThat(engine.isAlive()).isTrue();
    }
  }

  private void refusesWhereAReloadWouldDoHarm() throws Exception {
    try (DockerdServer _ = start("--insecure-registry", "flag.test:1")) {
      failed(target.apply(ENVIRONMENT, insecure(REGISTRY), NO_PAYLOADS), FailureReason.Unsafe);
      assertThat(SETTINGS).doesNotExist();
    }
    try (DockerdServer engine = start()) {
      String trap = "{\"authorization-plugins\": [\"nosuchplugin\"]}";
      Files.writeString(SETTINGS, trap);
      failed(target.apply(ENVIRONMENT, insecure(REGISTRY), NO_PAYLOADS), FailureReason.Unsafe);
      assertThat(SETTINGS).hasContent(trap);
      assertThat(engine.isAlive()).isTrue();
    }
  }

  private void writesFilesWhileNoEngineRuns() throws Exception {
    applied(target.apply(ENVIRONMENT, insecure(REGISTRY), NO_PAYLOADS));
    Path elsewhere = directory.resolve("elsewhere.json");
    Files.writeString(elsewhere, "{}");
    try (DockerdServer engine = start()) {
      assertThat(engine.info()).contains(REGISTRY);
      applied(target.apply(ENVIRONMENT, new Change.Prune(settingsId()), NO_PAYLOADS));
      assertThat(SETTINGS).doesNotExist();
      assertThat(engine.info()).doesNotContain(REGISTRY);
    }
    try (DockerdServer engine = start("--config-file=" + elsewhere)) {
      applied(target.apply(ENVIRONMENT, insecure(REGISTRY), NO_PAYLOADS));
      assertThat(engine.info()).contains(REGISTRY);
      assertThat(SETTINGS).doesNotExist();
      applied(target.apply(ENVIRONMENT, new Change.Prune(settingsId()), NO_PAYLOADS));
      assertThat(elsewhere).hasContent("{}");
    }
  }

  private DockerdServer start(String... flags) {
    return DockerdServer.start(dockerd, directory, List.of(flags));
  }

  private static DockerEngine.Running engine() throws IOException {
    return new LocalEngine(DockerdServer.SOCKET).find().orElseThrow();
  }

  private static ResourceId settingsId() {
    return new ResourceId(ResourceKind.INSECURE_REGISTRIES, "docker", "etc/docker/daemon.json");
  }

  private static Change insecure(String... registries) {
    var fields = new TreeMap<String, FieldValue>();
    for (String registry : registries) {
      fields.put("insecure-registries/" + registry, new FieldValue.Plain("present"));
    }
    return new Change.Create(settingsId(), fields);
  }

  private FieldValue value() throws Exception {
    ObservedResource observed = target.observe(ENVIRONMENT, Set.of(settingsId())).getFirst();
    ObservedField field =
        Optional.ofNullable(observed.fields().get("insecure-registries/" + REGISTRY)).orElseThrow();
    assertThat(field.ours()).isTrue();
    return field.value();
  }

  private static Map<Path, String> tree() throws IOException {
    var tree = new TreeMap<Path, String>();
    try (Stream<Path> paths = Files.walk(Path.of("/etc/docker"))) {
      for (Path path : paths.toList()) {
        boolean file = Files.isRegularFile(path);
        tree.put(path, Files.getPosixFilePermissions(path) + (file ? Files.readString(path) : ""));
      }
    }
    return tree;
  }

  /// Something that holds soon.
  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Condition condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static void applied(Outcome outcome) {
    assertThat(outcome).isEqualTo(new Outcome.Applied());
  }

  private static void failed(Outcome outcome, FailureReason reason) {
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(((Outcome.Failed) outcome).reason()).as(outcome.toString()).isEqualTo(reason);
  }
}
