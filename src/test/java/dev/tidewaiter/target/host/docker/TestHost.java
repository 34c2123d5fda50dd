package dev.tidewaiter.target.host.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Seal;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.CrashingFiles;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostTarget;
import dev.tidewaiter.target.host.LocalFiles;
import dev.tidewaiter.target.host.StateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A directory that looks like a host, with a user `alice` who runs the test, and changes for it.
record TestHost(Path root, Path state, Sealer sealer) {
  static final String ENVIRONMENT = "production";
  static final ResourceId CA = certificate("quay.test", "ca.crt");
  static final ResourceId SETTINGS =
      new ResourceId(ResourceKind.INSECURE_REGISTRIES, "docker", "etc/docker/daemon.json");
  static final ResourceId ALICE = new ResourceId(ResourceKind.USER_CREDENTIALS, "docker", "alice");

  static TestHost create(Path directory) throws IOException {
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.createDirectories(root.resolve("etc/docker"));
    Files.createDirectories(root.resolve("home/alice"));
    Object user = Files.getAttribute(root, "unix:uid");
    Object group = Files.getAttribute(root, "unix:gid");
    Files.writeString(
        root.resolve("etc/passwd"),
        "not a line of the form\nalice:x:%s:%s:Alice:/home/alice:/bin/sh\n".formatted(user, group));
    return new TestHost(root, directory.resolve("state"), Sealer.withRandomKey());
  }

  static ResourceId certificate(String host, String name) {
    return new ResourceId(
        ResourceKind.CERTIFICATE_FILE, "docker", "etc/docker/certs.d/" + host + "/" + name);
  }

  Path daemonJson() {
    return root.resolve("etc/docker/daemon.json");
  }

  Path configJson() {
    return root.resolve("home/alice/.docker/config.json");
  }

  HostTarget target() throws IOException {
    return target(DockerEngine.NONE);
  }

  HostTarget target(DockerEngine engine) throws IOException {
    return target(engine, Integer.MAX_VALUE);
  }

  /// @param steps after how many changes of the file system the machine loses its power
  HostTarget target(DockerEngine engine, int steps) throws IOException {
    var countdown = new CrashingFiles.Countdown(steps);
    StateStore _ = StateStore.in(state);
    var changes =
        new FileChanges(
            new CrashingFiles(new LocalFiles(root), countdown),
            new StateStore(new CrashingFiles(new LocalFiles(state), countdown)));
    var runtime = runtime(changes, engine);
    var identity = new HostTarget.Identity("test", root, Map.of("role", "worker"));
    return new HostTarget(identity, changes, List.of(runtime));
  }

  DockerRuntime runtime(DockerEngine engine) throws IOException {
    return runtime(new FileChanges(new LocalFiles(root), StateStore.in(state)), engine);
  }

  private DockerRuntime runtime(FileChanges changes, DockerEngine engine) {
    return new DockerRuntime(changes, engine, sealer, Duration.ofMillis(120), System::nanoTime);
  }

  /// All below the root, with links, modes and contents.
  Map<String, String> tree() throws IOException {
    var tree = new TreeMap<String, String>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.toList()) {
        String content =
            Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) ? Files.readString(path) : "";
        tree.put(
            root.relativize(path).toString(),
            Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS) + content);
      }
    }
    return tree;
  }

  static Change writes(ResourceId id, String... fields) {
    var values = new TreeMap<String, FieldValue>();
    for (String field : fields) {
      values.put(field, new FieldValue.Sealed(new Seal("as compiled")));
    }
    if (id.kind() == ResourceKind.CERTIFICATE_FILE) {
      values.put("mode", new FieldValue.Plain(id.name().endsWith(".key") ? "0600" : "0644"));
    }
    return new Change.Create(id, values);
  }

  void applied(Change change, Compiled.Payloads payloads) throws IOException {
    assertThat(target().apply(ENVIRONMENT, change, payloads)).isEqualTo(new Outcome.Applied());
  }

  FailureReason failure(Change change, Compiled.Payloads payloads) throws IOException {
    return reason(target().apply(ENVIRONMENT, change, payloads));
  }

  /// Why a change failed, which it must have.
  static FailureReason reason(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    return ((Outcome.Failed) outcome).reason();
  }

  static Credential credential(String password) {
    return new Credential(Secret.of("puller"), Secret.of(password), null, null);
  }

  static Compiled.Payloads auth(String password) {
    return (_, _) -> new Payload.Auth(credential(password));
  }

  static Compiled.Payloads text(String content) {
    return (_, _) -> new Payload.Text(Secret.of(content));
  }
}
