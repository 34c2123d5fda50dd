package dev.tidewaiter.target.host.certsd;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.DesiredField;
import dev.tidewaiter.model.DesiredField.Origin;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Seal;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.plan.Plan;
import dev.tidewaiter.plan.Planner;
import dev.tidewaiter.plan.Restraint;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.target.host.CrashingFiles;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFile;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.HostRuntime;
import dev.tidewaiter.target.host.HostTarget;
import dev.tidewaiter.target.host.LocalFiles;
import dev.tidewaiter.target.host.StateStore;
import dev.tidewaiter.testing.Observing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A directory that looks like a host, with a runtime that has nothing but a tree of registries.
record TreeHost(Path root, Path state, Sealer sealer, FakeDenials denials) {
  static final String ENVIRONMENT = "production";
  static final HostPath TREE = new HostPath("etc/containerd/certs.d");
  private static final Restraint FREE =
      new Restraint(Restraint.Freeze.NOTHING, 1000, 100, null, "", false);

  static TreeHost create(Path directory) throws IOException {
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.createDirectories(root.resolve("etc/containerd"));
    return new TreeHost(
        root, directory.resolve("state"), Sealer.withRandomKey(), new FakeDenials());
  }

  static ResourceId hosts(String registry) {
    return id(ResourceKind.REGISTRY_HOST, registry + "/hosts.toml");
  }

  static ResourceId denial() {
    return id(ResourceKind.DENIAL, "_default/hosts.toml");
  }

  static ResourceId certificate(String registry, String name) {
    return id(ResourceKind.CERTIFICATE_FILE, registry + "/" + name);
  }

  private static ResourceId id(ResourceKind kind, String path) {
    return new ResourceId(kind, "containerd", TREE.text() + "/" + path);
  }

  Path file(ResourceId id) {
    return root.resolve(id.name());
  }

  Path directory(String name) {
    return root.resolve(TREE.text()).resolve(name);
  }

  /// What is declared: the resources, and what is secret of them.
  record Declared(List<Resource> resources, Map<ResourceId, Map<String, Payload>> secrets) {
    static Declared nothing() {
      return new Declared(List.of(), Map.of());
    }

    Compiled.Payloads payloads() {
      return (id, field) -> secrets.getOrDefault(id, Map.of()).get(field);
    }

    Declared and(Declared other) {
      var all = new ArrayList<>(resources);
      all.addAll(other.resources);
      var both = new TreeMap<>(secrets);
      both.putAll(other.secrets);
      return new Declared(all, both);
    }
  }

  /// @param fields each `NAME=VALUE`, all plain
  static Declared declared(ResourceId id, String... fields) {
    var values = new TreeMap<String, DesiredField>();
    for (String field : fields) {
      String[] parts = field.split("=", 2);
      values.put(parts[0], known(new FieldValue.Plain(parts[1])));
    }
    return new Declared(List.of(new Resource(id, values)), Map.of());
  }

  Declared withCredential(Declared declared, int number, String password) {
    Resource resource = declared.resources().getFirst();
    String field = "authorization/" + number;
    var credential = new Credential(Secret.of("puller"), Secret.of(password), null, null);
    var fields = new TreeMap<>(resource.fields());
    fields.put(
        field,
        known(new FieldValue.Sealed(sealer.seal(resource.id(), field, credential.sealable()))));
    return new Declared(
        List.of(new Resource(resource.id(), fields)),
        Map.of(resource.id(), Map.of(field, new Payload.Auth(credential))));
  }

  static Declared withContent(ResourceId certificate, String content) {
    Declared declared =
        declared(
            certificate,
            "content=" + HostFile.digest(FileContent.of(content.getBytes(StandardCharsets.UTF_8))),
            "mode=0644");
    return new Declared(
        declared.resources(),
        Map.of(certificate, Map.of("content", new Payload.Text(Secret.of(content)))));
  }

  private static DesiredField known(FieldValue value) {
    return new DesiredField.Known(value, Origin.DECLARED);
  }

  static SortedMap<String, FieldValue> values(Declared declared) {
    var values = new TreeMap<String, FieldValue>();
    declared
        .resources()
        .getFirst()
        .fields()
        .forEach((name, field) -> values.put(name, ((DesiredField.Known) field).value()));
    return values;
  }

  /// A change of a certificate or key, whatever its content.
  static Change writes(ResourceId certificate, String field) {
    String mode = certificate.name().endsWith(".key") ? "0600" : "0644";
    return new Change.Create(
        certificate,
        new TreeMap<>(
            Map.of(
                field,
                new FieldValue.Sealed(new Seal("as compiled")),
                "mode",
                new FieldValue.Plain(mode))));
  }

  static Declared all(Declared... parts) {
    return Stream.of(parts).reduce(Declared.nothing(), Declared::and);
  }

  HostTarget target() throws IOException {
    return target(Integer.MAX_VALUE);
  }

  /// @param steps after how many changes of the file system the machine loses its power
  HostTarget target(int steps) throws IOException {
    var countdown = new CrashingFiles.Countdown(steps);
    StateStore _ = StateStore.in(state);
    var changes =
        new FileChanges(
            new CrashingFiles(new LocalFiles(root), countdown),
            new StateStore(new CrashingFiles(new LocalFiles(state), countdown)));
    var identity = new HostTarget.Identity("test", root, Map.of());
    return new HostTarget(identity, changes, List.of(new TreeRuntime(changes, sealer, denials)));
  }

  HostsFiles hostsFiles() throws IOException {
    return new HostsFiles(
        new FileChanges(new LocalFiles(root), StateStore.in(state)), sealer, denials);
  }

  Plan plan(Declared declared) throws IOException, TargetException {
    return plan(target(), declared);
  }

  private static Plan plan(HostTarget target, Declared declared) throws TargetException {
    Set<ResourceId> ids =
        declared.resources().stream().map(Resource::id).collect(Collectors.toSet());
    return Planner.plan(declared.resources(), Observing.all(target, ENVIRONMENT, ids), FREE);
  }

  /// One cycle.
  ///
  /// @return what failed
  List<Outcome.Failed> cycle(Declared declared) throws IOException, TargetException {
    return cycle(target(), declared);
  }

  static List<Outcome.Failed> cycle(HostTarget target, Declared declared) throws TargetException {
    var failed = new ArrayList<Outcome.Failed>();
    for (Change change : plan(target, declared).changes()) {
      if (target.apply(ENVIRONMENT, change, declared.payloads())
          instanceof Outcome.Failed failure) {
        failed.add(failure);
      }
    }
    return failed;
  }

  Optional<ObservedResource> observe(ResourceId id) throws IOException, TargetException {
    return Observing.all(target(), ENVIRONMENT, Set.of(id)).stream()
        .filter(resource -> resource.id().equals(id))
        .findFirst();
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

  /// What the machine needs, and what the runtime says after a denial.
  static final class FakeDenials implements Denials {
    private final List<String> needed = new ArrayList<>();
    private String refutation = "";

    void need(String image) {
      needed.add(image);
    }

    void refute(String detail) {
      refutation = detail;
    }

    @Override
    public List<ImageReference> needed() {
      return needed.stream().map(image -> ImageReference.parse(image).orElseThrow()).toList();
    }

    @Override
    public Optional<String> refutation() {
      return refutation.isEmpty() ? Optional.empty() : Optional.of(refutation);
    }
  }

  /// Certificates and `hosts.toml`.
  private record TreeRuntime(CertificateFiles certificates, HostsFiles hosts)
      implements HostRuntime {
    TreeRuntime(FileChanges changes, Sealer sealer, Denials denials) {
      this(new CertificateFiles(changes, sealer), new HostsFiles(changes, sealer, denials));
    }

    @Override
    public String name() {
      return "containerd";
    }

    @Override
    public Optional<RuntimeFacts> facts() {
      return Optional.empty();
    }

    @Override
    public Optional<ObservedResource> observe(String environment, ResourceId id)
        throws IOException {
      return id.kind() == ResourceKind.CERTIFICATE_FILE
          ? certificates.observe(environment, id)
          : hosts.observe(environment, id);
    }

    @Override
    public Outcome apply(String environment, Change change, Compiled.Payloads payloads)
        throws IOException {
      return change.id().kind() == ResourceKind.CERTIFICATE_FILE
          ? certificates.apply(environment, change, payloads)
          : hosts.apply(environment, change, payloads);
    }

    @Override
    public Set<HostPath> directories() {
      return Set.of(TREE);
    }
  }
}
