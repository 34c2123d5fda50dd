package dev.tidewaiter.target.host.containerd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Seal;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.FieldChange;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostTarget;
import dev.tidewaiter.target.host.LocalFiles;
import dev.tidewaiter.target.host.StateStore;
import dev.tidewaiter.testbed.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The machine that an isolated program is on, with containerd and an environment that has
/// something on it.
final class ContainerdHost {
  static final String ENVIRONMENT = "production";
  static final String TREE = "etc/containerd/certs.d/";
  static final Compiled.Payloads NO_PAYLOADS = (_, _) -> null;

  final HostTarget target;
  final ContainerdRuntime runtime;
  private final Deque<ResourceId> written = new ArrayDeque<>();

  ContainerdHost(Path directory, SettingsPermission permission) throws IOException {
    Path root = Path.of("/");
    var changes = new FileChanges(new LocalFiles(root), StateStore.in(directory.resolve("state")));
    this.runtime = new ContainerdRuntime(changes, root, permission, Sealer.withRandomKey());
    var identity = new HostTarget.Identity("isolated", root, Map.of());
    this.target = new HostTarget(identity, changes, List.of(runtime));
  }

  RuntimeFacts facts() throws IOException {
    return runtime.facts().orElseThrow();
  }

  static ResourceId certificate(String registry, String name) {
    return new ResourceId(
        ResourceKind.CERTIFICATE_FILE, "containerd", TREE + registry + "/" + name);
  }

  static ResourceId hosts(String registry) {
    return new ResourceId(
        ResourceKind.REGISTRY_HOST, "containerd", TREE + registry + "/hosts.toml");
  }

  static ResourceId denial() {
    return new ResourceId(ResourceKind.DENIAL, "containerd", TREE + "_default/hosts.toml");
  }

  static ResourceId settings() {
    return new ResourceId(
        ResourceKind.RUNTIME_SETTINGS, "containerd", "etc/containerd/config.toml");
  }

  void file(String registry, String name, Path content) throws IOException {
    Payload text = new Payload.Text(Secret.of(Files.readString(content)));
    applied(
        create(
            certificate(registry, name),
            (_, _) -> text,
            Map.of("content", "as compiled", "mode", name.endsWith(".key") ? "0600" : "0644")));
  }

  /// Both files of a client certificate.
  void client(String registry, TestCertificates.Issued issued) throws IOException {
    Payload certificate = new Payload.Text(Secret.of(Files.readString(issued.certificate())));
    Payload key = new Payload.Text(Secret.of(Files.readString(issued.key())));
    for (String name : List.of("client.cert", "client.key")) {
      applied(
          create(
              certificate(registry, name),
              (id, _) -> id.name().endsWith(".cert") ? certificate : key,
              Map.of("content", "as compiled", "mode", name.endsWith(".key") ? "0600" : "0644")));
    }
  }

  /// Gives a file that is there another content.
  void replace(String registry, String name, Path content) throws IOException {
    Payload text = new Payload.Text(Secret.of(Files.readString(content)));
    var field = new FieldChange.Replaced(new FieldValue.Plain("old"), new FieldValue.Plain("new"));
    var fields = new TreeMap<String, FieldChange>(Map.of("content", field));
    var change = new Change.Update(certificate(registry, name), fields, false);
    applied(target.apply(ENVIRONMENT, change, (_, _) -> text));
  }

  void reach(String registry, String... endpoints) {
    applied(create(hosts(registry), NO_PAYLOADS, endpoints(endpoints)));
  }

  /// @param account `user:password` for the last endpoint
  void reachAs(String account, String registry, String... endpoints) {
    Payload payload = credential(account);
    var fields = new TreeMap<String, FieldValue>();
    endpoints(endpoints).forEach((field, value) -> fields.put(field, new FieldValue.Plain(value)));
    fields.put("authorization/" + endpoints.length, new FieldValue.Sealed(new Seal("as compiled")));
    written.push(hosts(registry));
    applied(
        target.apply(
            ENVIRONMENT,
            new Change.Create(hosts(registry), fields),
            (_, field) -> field.startsWith("authorization/") ? payload : null));
  }

  /// Gives the only endpoint of a file that is there another account.
  void replaceAccount(String account, String registry) {
    Payload payload = credential(account);
    var field =
        new FieldChange.Replaced(
            new FieldValue.Sealed(new Seal("old")), new FieldValue.Sealed(new Seal("new")));
    var fields = new TreeMap<String, FieldChange>(Map.of("authorization/1", field));
    var change = new Change.Update(hosts(registry), fields, false);
    applied(target.apply(ENVIRONMENT, change, (_, _) -> payload));
  }

  private static Payload credential(String account) {
    String[] words = account.split(":", 2);
    return new Payload.Auth(new Credential(Secret.of(words[0]), Secret.of(words[1]), null, null));
  }

  private static Map<String, String> endpoints(String... endpoints) {
    var fields = new TreeMap<String, String>();
    for (int i = 0; i < endpoints.length; i++) {
      fields.put("endpoint/" + (i + 1), endpoints[i]);
    }
    return fields;
  }

  void deny(String registry) {
    applied(create(hosts(registry), NO_PAYLOADS, Map.of("denied", "present")));
  }

  Outcome denyAllBut(String... registries) {
    var fields = new TreeMap<String, String>();
    fields.put("denied", "present");
    for (String registry : registries) {
      fields.put("allowed/" + registry, "present");
    }
    return create(denial(), NO_PAYLOADS, fields);
  }

  Outcome set() {
    return create(settings(), NO_PAYLOADS, Map.of("config_path", "/etc/containerd/certs.d"));
  }

  private Outcome create(ResourceId id, Compiled.Payloads payloads, Map<String, String> fields) {
    var values = new TreeMap<String, FieldValue>();
    fields.forEach((field, value) -> values.put(field, new FieldValue.Plain(value)));
    written.push(id);
    return target.apply(ENVIRONMENT, new Change.Create(id, values), payloads);
  }

  void withdraw(ResourceId id) {
    assertThat(target.apply(ENVIRONMENT, new Change.Prune(id), NO_PAYLOADS))
        .isNotInstanceOf(Outcome.Failed.class);
  }

  /// Takes back all that was written, the last first.
  void withdrawAll() {
    while (!written.isEmpty()) {
      withdraw(written.pop());
    }
  }

  static Map<Path, String> tree() throws IOException {
    var tree = new TreeMap<Path, String>();
    try (Stream<Path> paths = Files.walk(Path.of("/etc/containerd"))) {
      for (Path path : paths.toList()) {
        boolean file = Files.isRegularFile(path);
        tree.put(path, Files.getPosixFilePermissions(path) + (file ? Files.readString(path) : ""));
      }
    }
    return tree;
  }

  static void applied(Outcome outcome) {
    assertThat(outcome).isEqualTo(new Outcome.Applied());
  }

  static void failed(Outcome outcome, FailureReason reason, String... words) {
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    var failed = (Outcome.Failed) outcome;
    assertThat(failed.reason()).as(outcome.toString()).isEqualTo(reason);
    assertThat(failed.detail()).contains(words);
  }
}
