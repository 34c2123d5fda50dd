package dev.tidewaiter.target.host.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.FieldChange;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.RepositoryPrefix;
import dev.tidewaiter.policy.RuleBook;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.CrashingFiles;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostTarget;
import dev.tidewaiter.target.host.LocalFiles;
import dev.tidewaiter.target.host.StateStore;
import dev.tidewaiter.testing.Observing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A host with podman, and changes for it.
///
/// @param root `/`, or a directory that looks like one
record ContainersHost(Path root, Path state, ContainersRuntime runtime, HostTarget target) {
  static final String ENVIRONMENT = "production";
  static final Compiled.Payloads NO_PAYLOADS = (_, _) -> null;
  static final ResourceId POLICY =
      new ResourceId(ResourceKind.SIGNATURE_POLICY, "containers", SignaturePolicy.PATH.text());
  static final ResourceId REGISTRIES =
      new ResourceId(ResourceKind.REGISTRIES_DROP_IN, "containers", RegistriesDropIn.PATH.text());

  /// The machine itself.
  static ContainersHost real(Path state) throws IOException {
    var changes = new FileChanges(new LocalFiles(Path.of("/")), StateStore.in(state));
    return new ContainersHost(
        Path.of("/"),
        state,
        ContainersRuntime.of(changes, Path.of("/"), Sealer.withRandomKey(), System::nanoTime),
        changes);
  }

  /// A directory, of which nothing is run.
  ///
  /// @param steps after how many changes of the file system the machine loses its power
  static ContainersHost directory(Path directory, ContainersRuntime.Programs programs, int steps)
      throws IOException {
    Path root = directory.resolve("root");
    Path state = directory.resolve("state");
    Files.createDirectories(root.resolve("etc/containers/registries.conf.d"));
    StateStore _ = StateStore.in(state);
    var countdown = new CrashingFiles.Countdown(steps);
    var changes =
        new FileChanges(
            new CrashingFiles(new LocalFiles(root), countdown),
            new StateStore(new CrashingFiles(new LocalFiles(state), countdown)));
    return new ContainersHost(
        root, state, ContainersRuntime.with(changes, Sealer.withRandomKey(), programs), changes);
  }

  private ContainersHost(Path root, Path state, ContainersRuntime runtime, FileChanges changes) {
    this(
        root,
        state,
        runtime,
        new HostTarget(new HostTarget.Identity("test", root, Map.of()), changes, List.of(runtime)));
  }

  Path policyJson() {
    return root.resolve(SignaturePolicy.PATH.text());
  }

  Path dropIn() {
    return root.resolve(RegistriesDropIn.PATH.text());
  }

  static ResourceId certificate(String host, String name) {
    return new ResourceId(
        ResourceKind.CERTIFICATE_FILE, "containers", "etc/containers/certs.d/" + host + "/" + name);
  }

  static ResourceId login(String user) {
    return new ResourceId(ResourceKind.USER_CREDENTIALS, "containers", user);
  }

  /// @param fields names and values in turn
  static Change creates(ResourceId id, String... fields) {
    var values = new TreeMap<String, FieldValue>();
    for (int i = 0; i < fields.length; i += 2) {
      values.put(fields[i], new FieldValue.Plain(fields[i + 1]));
    }
    return new Change.Create(id, values);
  }

  /// A change that denies all but what is listed.
  static Change allows(String... scopes) {
    var values = new TreeMap<String, FieldValue>();
    values.put("default", new FieldValue.Plain("reject"));
    for (String scope : scopes) {
      values.put("allow/" + scope, new FieldValue.Plain("present"));
    }
    return new Change.Create(POLICY, values);
  }

  static Change drops(ResourceId id, String... fields) {
    var dropped = new TreeMap<String, FieldChange>();
    for (String field : fields) {
      dropped.put(field, new FieldChange.Dropped(new FieldValue.Plain("present")));
    }
    return new Change.Update(id, dropped, false);
  }

  static Compiled.Payloads text(String content) {
    return (_, _) -> new Payload.Text(Secret.of(content));
  }

  static Compiled.Payloads auth(String password) {
    return (_, _) ->
        new Payload.Auth(new Credential(Secret.of("puller"), Secret.of(password), null, null));
  }

  static Regime regime(String... allowed) {
    List<RepositoryPrefix> list = Stream.of(allowed).map(RepositoryPrefix::parse).toList();
    return new Regime(
        new RuleBook(ENVIRONMENT, "restricted", list, new TreeMap<>()), null, Set.of());
  }

  Outcome apply(Change change) {
    return target.apply(ENVIRONMENT, change, NO_PAYLOADS);
  }

  Outcome apply(Change change, Compiled.Payloads payloads) {
    return target.apply(ENVIRONMENT, change, payloads);
  }

  Map<String, String> observed(ResourceId id) throws Exception {
    var values = new TreeMap<String, String>();
    for (ObservedResource resource : Observing.all(target, ENVIRONMENT, Set.of(id))) {
      if (resource.id().equals(id)) {
        for (Map.Entry<String, ObservedField> field : resource.fields().entrySet()) {
          String whose = field.getValue().ours() ? " (ours)" : "";
          values.put(field.getKey(), field.getValue().value() + whose);
        }
      }
    }
    return values;
  }

  /// All that is beneath `/etc/containers`, with modes and contents.
  Map<String, String> tree() throws IOException {
    var tree = new TreeMap<String, String>();
    try (Stream<Path> paths = Files.walk(root.resolve("etc/containers"))) {
      for (Path path : paths.toList()) {
        String content =
            Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) ? Files.readString(path) : "";
        tree.put(
            path.toString(),
            Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS) + content);
      }
    }
    return tree;
  }

  static void applied(Outcome outcome) {
    assertThat(outcome).isEqualTo(new Outcome.Applied());
  }

  static Outcome.Failed failed(Outcome outcome, FailureReason reason) {
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    var failure = (Outcome.Failed) outcome;
    assertThat(failure.reason()).as(failure.toString()).isEqualTo(reason);
    return failure;
  }
}
