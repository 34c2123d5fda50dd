package dev.tidewaiter.target.host.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.FieldChange;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.RuleBook;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.testbed.DockerdServer;
import dev.tidewaiter.testbed.IsolatedJvm;
import dev.tidewaiter.testbed.Matrix;
import dev.tidewaiter.testbed.RegistryServer;
import dev.tidewaiter.testbed.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// An engine that reads `hosts.toml`: allow-list, default registry, mirrors and the credential of
/// the machine.
///
/// One server has all names, so that what is denied would come if it were not.
record GovernanceScenario(
    IsolatedDocker host, DockerdServer engine, Path directory, TestCertificates authority) {
  private static final String REGISTRY = "reg.test:5443";
  private static final String GONE = "gone.test:5999";
  private static final String CLOSED = "closed.test:5444";
  private static final String PLAIN = "mirror.test:5000";
  private static final String UNTRUSTED = "mirror.test:5443";
  private static final String INACTIVE = "inactive.test:5443";
  private static final String UNLISTED = "127.0.0.1:5000";
  private static final Path TREE = Path.of("/etc/docker/certs.d");
  private static final String CA = TREE.resolve(REGISTRY).resolve("ca.crt").toString();
  private static final String VIA_CA = " ca=" + CA;
  private static final ResourceId DENIAL = hosts("_default");
  private static final Regime REGIME =
      new Regime(new RuleBook("production", "restricted", null, new TreeMap<>()), null, Set.of());

  static GovernanceScenario prepare(IsolatedDocker host, DockerdServer engine) throws IOException {
    Path directory = Files.createDirectories(host.directory().resolve("governance"));
    for (String repository : List.of("demo/hello", "hub/library/nginx")) {
      RegistryServer.store(directory, repository, "1");
    }
    RegistryServer.store(directory.resolve("closed"), "demo/secret", "1");
    for (String plain : List.of("plain", "insecure")) {
      RegistryServer.store(directory.resolve(plain), "demo/hello", "1");
    }
    return new GovernanceScenario(host, engine, directory, TestCertificates.create(directory));
  }

  void run() throws Exception {
    Map<Path, String> before = IsolatedDocker.tree();
    Path account = RegistryServer.account(directory, "puller", "of the machine");
    TestCertificates.Issued issued = authority.server("closed.test");
    var closed =
        RegistryServer.Options.plain(IsolatedJvm.ADDRESS, 5444)
            .withTls(issued.certificate(), issued.key())
            .withPasswords(account);
    try (RegistryServer _ = RegistryServer.start(directory.resolve("closed"), closed);
        RegistryServer _ =
            RegistryServer.start(
                directory.resolve("insecure"),
                RegistryServer.Options.plain(IsolatedJvm.ADDRESS, 5000));
        RegistryServer _ =
            RegistryServer.start(
                directory.resolve("plain"), RegistryServer.Options.plain("127.0.0.1", 5000))) {
      try (RegistryServer _ =
          RegistryServer.start(directory, CertificateScenario.options(authority))) {
        allows();
        denies();
        provesIt();
        toleratesForeignDirectories();
        putsBackWhatFailsOpen();
      }
      rotatesTheAuthority();
      withdraws();
    }
    assertThat(IsolatedDocker.tree()).isEqualTo(before);
  }

  private void allows() throws Exception {
    assertThat(engine.pulls(REGISTRY + "/demo/hello", "1")).as("before").isFalse();
    assertThat(engine.pulls("nginx", "1")).as("before").isFalse();
    host.applied(certificate(REGISTRY), text(authority.ca()));
    host.applied(reached(REGISTRY, "https://" + REGISTRY + VIA_CA));
    host.applied(reached("docker.io", "https://" + REGISTRY + "/v2/hub override-path" + VIA_CA));
    host.applied(reached(GONE, "https://mirror.test:5443" + VIA_CA, "https://" + GONE));
    for (String insecure : List.of(PLAIN, UNTRUSTED)) {
      host.applied(reached(insecure, "https://" + insecure + " skip-verify", "http://" + insecure));
    }
    var credential = LoginScenario.credential("of the machine");
    var sealed = host.sealer().seal(hosts(CLOSED), "authorization/1", credential.sealable());
    Change.Create plain = reached(CLOSED, "https://" + CLOSED + VIA_CA);
    var fields = new TreeMap<>(plain.fields());
    fields.put("authorization/1", new FieldValue.Sealed(sealed));
    host.applied(new Change.Create(plain.id(), fields), LoginScenario.auth("of the machine"));
    assertThat(host.value(plain.id(), "authorization/1")).isEqualTo(new FieldValue.Sealed(sealed));
    assertAllowed();
  }

  private void assertAllowed() {
    for (String image :
        List.of(
            REGISTRY + "/demo/hello",
            "nginx",
            GONE + "/demo/hello",
            CLOSED + "/demo/secret",
            PLAIN + "/demo/hello",
            UNTRUSTED + "/demo/hello")) {
      assertThat(engine.pulls(image, "1")).as(image + engine.log()).isTrue();
    }
    shown(
        Capability.DEFAULT_REGISTRY,
        Capability.MIRRORS,
        Capability.NODE_CREDENTIALS,
        Capability.CA);
  }

  private void denies() throws IOException {
    String image = UNLISTED + "/demo/hello";
    host.applied(certificate(INACTIVE), text(authority.ca()));
    assertThat(engine.pulls(INACTIVE + "/demo/hello", "1")).as(engine.log()).isTrue();
    host.applied(IsolatedDocker.create(hosts(INACTIVE), "denied"));
    assertThat(host.failed(denial(REGISTRY, "missing.test"), FailureReason.Unsafe))
        .contains("missing.test/hosts.toml");
    assertThat(engine.pull(image, "1")).doesNotContain("\"error");
    String container = engine.create(image + ":1", "io.kubernetes.pod.namespace", "kube-system");
    assertThat(host.failed(denialOfAll(), FailureReason.Unsafe)).contains(image + ":1");
    engine.remove(container, image + ":1");
    assertThat(engine.pulls(image, "1")).as("not denied yet").isTrue();
    host.applied(denialOfAll());
    assertDenied();
    assertAllowed();
    shown(Capability.ALLOW_LIST);
  }

  private void assertDenied() throws IOException {
    for (String registry :
        List.of(
            UNLISTED,
            INACTIVE,
            "REG.test:5443",
            "reg.test:5444",
            "reg.test",
            "reg.test.example:5443",
            IsolatedJvm.ADDRESS + ":5443",
            "registry-1.docker.io",
            "index.docker.io.example")) {
      assertThat(engine.denies(registry + "/demo/hello", "1")).as(registry).isTrue();
    }
    assertThat(host.pullsByClient(UNLISTED + "/demo/hello:1")).contains("no resolve hosts");
    assertThat(host.pullsByClient("nginx:1")).contains("Status: Downloaded newer image");
    engine.forget("nginx:1");
  }

  private void provesIt() throws IOException {
    assertThat(prove()).isEqualTo(new Proof.Proven());
    Path file = TREE.resolve("docker.io/hosts.toml");
    byte[] ours = Files.readAllBytes(file);
    Files.copy(TREE.resolve("_default/hosts.toml"), file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(prove())
        .isInstanceOfSatisfying(
            Proof.Refuted.class, refuted -> assertThat(refuted.detail()).contains("docker.io"));
    Files.write(file, ours);
  }

  private Proof prove() throws IOException {
    return host.runtime(Duration.ZERO).prove(REGIME);
  }

  // A directory exempts its registry, and a file that cannot be read does too.
  private void toleratesForeignDirectories() throws IOException {
    Path empty = Files.createDirectory(TREE.resolve("foreign.test"));
    Path broken = Files.createDirectory(TREE.resolve(UNLISTED));
    Files.writeString(broken.resolve("hosts.toml"), "server = \"https://denied.invalid");
    assertThat(engine.pulls(UNLISTED + "/demo/hello", "1")).as("it fails open").isTrue();
    assertThat(prove())
        .isInstanceOfSatisfying(
            Proof.Inconclusive.class,
            proof -> assertThat(proof.detail()).contains(empty.toString(), broken.toString()));
    assertThat(host.runtime(Duration.ZERO).weaknesses(REGIME)).hasSize(2);
    assertThat(engine.denies(IsolatedJvm.ADDRESS + ":5443/demo/hello", "1")).isTrue();
    Files.delete(broken.resolve("hosts.toml"));
    Files.delete(broken);
    Files.delete(empty);
    assertThat(prove()).isEqualTo(new Proof.Proven());
  }

  private void putsBackWhatFailsOpen() throws Exception {
    Path file = TREE.resolve("_default/hosts.toml");
    Files.writeString(file, Files.readString(file) + "[");
    assertThat(engine.pulls(UNLISTED + "/demo/hello", "1")).as("it fails open").isTrue();
    assertThat(prove()).isInstanceOf(Proof.Refuted.class);
    assertThat(host.value(DENIAL, "content")).isEqualTo(new FieldValue.Plain("edited"));
    var added = new TreeMap<String, FieldChange>();
    denialOfAll()
        .fields()
        .forEach((field, value) -> added.put(field, new FieldChange.Added(value)));
    host.applied(new Change.Update(DENIAL, added, false));
    assertThat(prove()).isEqualTo(new Proof.Proven());
    assertDenied();
  }

  private void rotatesTheAuthority() throws IOException {
    TestCertificates next = TestCertificates.create(Files.createDirectory(directory.resolve("2")));
    try (RegistryServer _ = RegistryServer.start(directory, CertificateScenario.options(next))) {
      assertThat(engine.pulls(REGISTRY + "/demo/hello", "1")).as("not rotated").isFalse();
      var replaced =
          new FieldChange.Replaced(
              new FieldValue.Plain("the first CA"), new FieldValue.Plain("the next CA"));
      host.applied(
          new Change.Update(
              certificateId(REGISTRY), new TreeMap<>(Map.of("content", replaced)), false),
          text(next.ca()));
      for (String image : List.of(REGISTRY + "/demo/hello", "nginx", GONE + "/demo/hello")) {
        assertThat(engine.pulls(image, "1")).as(image + engine.log()).isTrue();
      }
    }
  }

  private void withdraws() throws Exception {
    host.applied(new Change.Prune(DENIAL));
    assertThat(engine.pulls(UNLISTED + "/demo/hello", "1")).as("not denied any more").isTrue();
    for (String registry :
        List.of(INACTIVE, CLOSED, GONE, PLAIN, UNTRUSTED, "docker.io", REGISTRY)) {
      host.applied(new Change.Prune(hosts(registry)));
    }
    host.applied(new Change.Prune(certificateId(INACTIVE)));
    host.applied(new Change.Prune(certificateId(REGISTRY)));
    assertThat(engine.pulls(CLOSED + "/demo/secret", "1")).as("withdrawn").isFalse();
    assertThat(host.target().environments()).isEmpty();
  }

  private void shown(Capability... capabilities) {
    for (Capability capability : capabilities) {
      try {
        Matrix.tested("docker", host.facts().version(), capability);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static ResourceId hosts(String registry) {
    String path = "etc/docker/certs.d/" + registry + "/hosts.toml";
    ResourceKind kind =
        registry.equals("_default") ? ResourceKind.DENIAL : ResourceKind.REGISTRY_HOST;
    return new ResourceId(kind, "docker", path);
  }

  static Change.Create reached(String registry, String... endpoints) {
    var fields = new TreeMap<String, FieldValue>();
    for (String endpoint : endpoints) {
      fields.put("endpoint/" + (fields.size() + 1), new FieldValue.Plain(endpoint));
    }
    return new Change.Create(hosts(registry), fields);
  }

  static Change.Create denial(String... allowed) {
    var fields = new TreeMap<String, FieldValue>();
    fields.put("denied", new FieldValue.Plain("present"));
    for (String registry : allowed) {
      fields.put("allowed/" + registry, new FieldValue.Plain("present"));
    }
    return new Change.Create(hosts("_default"), fields);
  }

  private static Change.Create denialOfAll() {
    return denial(REGISTRY, "docker.io", GONE, CLOSED, PLAIN, UNTRUSTED);
  }

  static ResourceId certificateId(String registry) {
    return new ResourceId(
        ResourceKind.CERTIFICATE_FILE, "docker", "etc/docker/certs.d/" + registry + "/ca.crt");
  }

  static Change certificate(String registry) {
    return new Change.Create(
        certificateId(registry),
        new TreeMap<>(
            Map.of(
                "content",
                new FieldValue.Plain("as compiled"),
                "mode",
                new FieldValue.Plain("0644"))));
  }

  static Compiled.Payloads text(Path file) throws IOException {
    String text = Files.readString(file);
    return (_, _) -> new Payload.Text(Secret.of(text));
  }
}
