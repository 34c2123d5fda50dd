package dev.tidewaiter.target.host.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
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
import dev.tidewaiter.testbed.TestBed;
import dev.tidewaiter.testing.Observing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The adapter with `/` as its root, inside an `IsolatedJvm`.
///
/// @param directory for data, logs and the state directory
/// @param sealer of what is observed
record IsolatedDocker(Kind kind, Path directory, Sealer sealer) {
  static final String ENVIRONMENT = "production";
  static final Path SETTINGS = Path.of("/etc/docker/daemon.json");
  static final ResourceId INSECURE = settings(ResourceKind.INSECURE_REGISTRIES);
  static final ResourceId MIRRORS = settings(ResourceKind.REGISTRY_MIRRORS);
  static final Compiled.Payloads NO_PAYLOADS = (_, _) -> null;

  /// Which engine it is.
  enum Kind {
    OLD("/usr/sbin/dockerd", "--storage-driver=overlay2"),
    GRAPH("dockerd", "--storage-driver=overlay2"),
    STORE("dockerd", "--feature=containerd-snapshotter=true");

    private final String program;
    private final String store;

    Kind(String program, String store) {
      this.program = program;
      this.store = store;
    }

    String program() {
      return program;
    }
  }

  private static ResourceId settings(ResourceKind kind) {
    return new ResourceId(kind, "docker", "etc/docker/daemon.json");
  }

  /// Starts its dockerd.
  DockerdServer start(Path dockerd, String... flags) throws IOException {
    var all = Stream.concat(Stream.of(kind.store), Stream.of(flags)).toList();
    return DockerdServer.start(dockerd, directory, all);
  }

  /// @param reloadLimit short where a reload is not to show
  DockerRuntime runtime(Duration reloadLimit) throws IOException {
    return runtime(changes(), reloadLimit);
  }

  private DockerRuntime runtime(FileChanges changes, Duration reloadLimit) {
    DockerEngine engine = DockerRuntime.engineFor(Path.of("/"));
    return new DockerRuntime(changes, engine, sealer, reloadLimit, System::nanoTime);
  }

  private FileChanges changes() throws IOException {
    return new FileChanges(new LocalFiles(Path.of("/")), StateStore.in(directory.resolve("state")));
  }

  HostTarget target() throws IOException {
    return target(Duration.ofSeconds(10));
  }

  HostTarget target(Duration reloadLimit) throws IOException {
    return target(changes(), reloadLimit);
  }

  HostTarget target(FileChanges changes, Duration reloadLimit) {
    var identity = new HostTarget.Identity("isolated", Path.of("/"), Map.of());
    return new HostTarget(identity, changes, List.of(runtime(changes, reloadLimit)));
  }

  RuntimeFacts facts() throws IOException {
    return runtime(Duration.ofSeconds(10)).facts().orElseThrow();
  }

  void applied(Change change, Compiled.Payloads payloads) throws IOException {
    assertThat(target().apply(ENVIRONMENT, change, payloads)).isEqualTo(new Outcome.Applied());
  }

  void applied(Change change) throws IOException {
    applied(change, NO_PAYLOADS);
  }

  /// What the packaged `docker` says to a pull, as the user `alice`.
  String pullsByClient(String image) throws IOException {
    String client = TestBed.installed("/usr/bin/docker").toString();
    var builder = new ProcessBuilder(client, "--config", "/run/alice/.docker", "pull", image);
    Process process = builder.redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /// Requires that a change fails, without waiting for what cannot show.
  String failed(Change change, FailureReason reason) throws IOException {
    Outcome outcome = target(Duration.ofSeconds(1)).apply(ENVIRONMENT, change, NO_PAYLOADS);
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(((Outcome.Failed) outcome).reason()).as(outcome.toString()).isEqualTo(reason);
    return ((Outcome.Failed) outcome).detail();
  }

  /// What is observed of a field that is ours.
  FieldValue value(ResourceId id, String field) throws Exception {
    ObservedResource observed =
        Observing.all(target(), ENVIRONMENT, Set.of(id)).stream()
            .filter(resource -> resource.id().equals(id))
            .findFirst()
            .orElseThrow();
    ObservedField found =
        Optional.ofNullable(observed.fields().get(field))
            .orElseThrow(() -> new AssertionError(observed.toString()));
    assertThat(found.ours()).isTrue();
    return found.value();
  }

  static Change create(ResourceId id, String... fields) {
    var values = new TreeMap<String, FieldValue>();
    for (String field : fields) {
      values.put(field, new FieldValue.Plain("present"));
    }
    return new Change.Create(id, values);
  }

  /// All below `/etc/docker`.
  static Map<Path, String> tree() throws IOException {
    var tree = new TreeMap<Path, String>();
    try (Stream<Path> paths = Files.walk(Path.of("/etc/docker"))) {
      for (Path path : paths.toList()) {
        boolean file = Files.isRegularFile(path);
        tree.put(path, Files.getPosixFilePermissions(path) + (file ? Files.readString(path) : ""));
      }
    }
    return tree;
  }
}
