package dev.tidewaiter.target.host.containers;

import static dev.tidewaiter.target.host.containers.ContainersHost.POLICY;
import static dev.tidewaiter.target.host.containers.ContainersHost.REGISTRIES;
import static dev.tidewaiter.target.host.containers.ContainersHost.allows;
import static dev.tidewaiter.target.host.containers.ContainersHost.applied;
import static dev.tidewaiter.target.host.containers.ContainersHost.auth;
import static dev.tidewaiter.target.host.containers.ContainersHost.certificate;
import static dev.tidewaiter.target.host.containers.ContainersHost.creates;
import static dev.tidewaiter.target.host.containers.ContainersHost.drops;
import static dev.tidewaiter.target.host.containers.ContainersHost.failed;
import static dev.tidewaiter.target.host.containers.ContainersHost.login;
import static dev.tidewaiter.target.host.containers.ContainersHost.regime;
import static dev.tidewaiter.target.host.containers.ContainersHost.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.desired.Payload;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.Seal;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.testbed.IsolatedJvm;
import dev.tidewaiter.testbed.Matrix;
import dev.tidewaiter.testbed.PasswordFront;
import dev.tidewaiter.testbed.RegistryServer;
import dev.tidewaiter.testbed.TestCertificates;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What [ContainersHostIT] runs inside an [IsolatedJvm]: the adapter with `/` as its root, and
/// podman and skopeo with the files that it writes.
public final class ContainersScenario {
  private static final String SECURE = "reg-a.test:5000";
  static final String PLAIN = "reg-b.test:5001";
  static final String OPEN =
      "{\n    \"default\": [\n\t{ \"type\":   \"insecureAcceptAnything\" }\n    ]\n}";
  private static final Path CONTAINERS = Path.of("/etc/containers");

  private final Path directory;
  private final ContainersHost host;
  private final Podman podman;

  private ContainersScenario(Path directory) throws Exception {
    this.directory = directory;
    this.host = ContainersHost.real(directory.resolve("state"));
    this.podman = Podman.in(directory.resolve("podman"));
  }

  public static void main(String[] arguments) throws Exception {
    var scenario = new ContainersScenario(Path.of(arguments[0]));
    scenario.prepare();
    Path images = scenario.directory.resolve("plain");
    for (String repository :
        List.of("demo/hello", "other/hello", "demox/hello", "hub/library/nginx", "hub/acme/app")) {
      RegistryServer.store(images, repository, "1");
    }
    var plain = RegistryServer.Options.plain(IsolatedJvm.ADDRESS, 5001);
    try (RegistryServer _ = RegistryServer.start(images, plain)) {
      var programs = new ProgramsScenario(scenario.host, scenario.podman, scenario.directory);
      programs.triesWithEitherProgram();
      programs.believesNoStranger();
      programs.triesADropInBeforeItIsThere();
      programs.reloadsCrio();
      var foreign = new ForeignPolicyScenario(scenario.host, scenario.directory);
      foreign.tellsWhoWeakensTheList();
      foreign.touchesNoPolicyThatItDoesNotUnderstand();
      scenario.deniesWhatIsNotListed();
      scenario.redirectsDockerHub();
      scenario.logsUsersIn();
      scenario.trustsACaUntilItIsRotated();
    }
    System.exit(0);
  }

  private void prepare() throws Exception {
    Path hosts = directory.resolve("hosts");
    Files.writeString(
        hosts,
        "127.0.0.1 localhost front.test\n"
            + IsolatedJvm.ADDRESS
            + " reg-a.test reg-b.test reg-b.test.evil.test\n");
    bind(hosts, "/etc/hosts");
    Path users = directory.resolve("passwd");
    Files.writeString(
        users,
        Files.readString(Path.of("/etc/passwd")) + "puller:x:0:0::" + podman.home() + ":/bin/sh\n");
    bind(users, "/etc/passwd");
    Files.createDirectories(CONTAINERS.resolve("registries.conf.d"));
    Files.writeString(CONTAINERS.resolve("policy.json"), OPEN);
  }

  private static void bind(Path file, String place) throws Exception {
    int status =
        new ProcessBuilder("mount", "--bind", file.toString(), place).inheritIO().start().waitFor();
    assertThat(status).isZero();
  }

  private void shown(Capability capability) {
    Matrix.tested("podman", podman.version(), capability);
  }

  private void deniesWhatIsNotListed() throws Exception {
    Map<String, String> before = host.tree();
    assertThat(podman.pull(PLAIN + "/demo/hello:1").succeeded()).as("plain HTTP").isFalse();
    applied(host.apply(creates(REGISTRIES, "registry/" + PLAIN, PLAIN + " insecure")));
    assertThat(podman.pull(PLAIN + "/demo/hello:1").succeeded()).isTrue();
    assertThat(podman.skopeo(PLAIN + "/other/hello:1").succeeded()).isTrue();
    shown(Capability.INSECURE);

    applied(host.apply(allows(PLAIN + "/demo", SECURE)));
    assertThat(podman.pull(PLAIN + "/demo/hello:1").succeeded()).isTrue();
    assertThat(podman.skopeo(PLAIN + "/demo/hello:1").succeeded()).isTrue();
    for (String denied : List.of("/other/hello:1", "/demox/hello:1", "/hub/library/nginx:1")) {
      assertThat(podman.pull(PLAIN + denied).isRejected()).as(denied).isTrue();
      assertThat(podman.skopeo(PLAIN + denied).isRejected()).as(denied).isTrue();
    }
    for (String lookAlike :
        List.of("REG-B.test:5001", "reg-b.test.evil.test:5001", IsolatedJvm.ADDRESS + ":5001")) {
      assertThat(podman.pull(lookAlike + "/demo/hello:1").succeeded()).as(lookAlike).isFalse();
    }
    assertThat(host.runtime().prove(regime(PLAIN + "/demo", SECURE))).isEqualTo(new Proof.Proven());
    shown(Capability.ALLOW_LIST);
    shown(Capability.ALLOW_LIST_PATHS);
    keepsLocalImages();
    builds();

    applied(host.apply(drops(POLICY, "allow/" + SECURE)));
    assertThat(host.observed(POLICY)).containsOnlyKeys("default", "allow/" + PLAIN + "/demo");
    applied(host.apply(new Change.Prune(POLICY)));
    assertThat(podman.pull(PLAIN + "/other/hello:1").succeeded()).isTrue();
    applied(host.apply(new Change.Prune(REGISTRIES)));
    assertThat(host.tree()).isEqualTo(before);
  }

  private void keepsLocalImages() throws Exception {
    String archive = directory.resolve("archive.tar").toString();
    String image = PLAIN + "/demo/hello:1";
    assertThat(podman.podman("save", "--quiet", "-o", archive, image).output()).isEmpty();
    assertThat(podman.podman("load", "--quiet", "-i", archive).succeeded()).isTrue();
    Path root = Files.write(directory.resolve("root.tar"), new byte[1024]);
    assertThat(podman.podman("import", "--quiet", root.toString(), "localhost/new:1").succeeded())
        .isTrue();
    String copy = "dir:" + directory.resolve("copy");
    assertThat(podman.podman("push", "--quiet", image, copy).succeeded()).isTrue();
    assertThat(podman.podman("pull", "--quiet", copy).succeeded()).isTrue();
  }

  private void builds() throws Exception {
    Path file = directory.resolve("Containerfile");
    Files.writeString(file, "FROM " + PLAIN + "/demox/hello:1\nLABEL a=b\n");
    assertThat(podman.podman("build", "--quiet", "-f", file.toString(), podman.home().toString()))
        .matches(Podman.Result::isRejected);
    Files.writeString(file, "FROM " + PLAIN + "/demo/hello:1\nLABEL a=b\n");
    assertThat(podman.podman("build", "--quiet", "-f", file.toString(), podman.home().toString()))
        .matches(Podman.Result::succeeded);
  }

  private void redirectsDockerHub() throws Exception {
    Map<String, String> before = host.tree();
    assertThat(podman.pull("nginx:1").succeeded()).isFalse();
    applied(
        host.apply(
            creates(
                REGISTRIES,
                "registry/docker.io",
                PLAIN + "/hub insecure",
                "registry/gone.test",
                "gone.test",
                "mirror/gone.test/1",
                "also-gone.test",
                "mirror/gone.test/2",
                PLAIN + " insecure",
                "unqualified",
                "docker.io")));
    for (String image : List.of("nginx:1", "docker.io/nginx:1", "acme/app:1")) {
      Podman.Result result = podman.pull(image);
      assertThat(result.succeeded()).as(image + result.output()).isTrue();
    }
    shown(Capability.DEFAULT_REGISTRY);
    assertThat(podman.pull("gone.test/demo/hello:1").succeeded()).isTrue();
    shown(Capability.MIRRORS);
    shown(Capability.HUB_MIRRORS);
    applied(host.apply(allows("docker.io")));
    assertThat(podman.pull("nginx:1").succeeded()).isTrue();
    assertThat(podman.pull(PLAIN + "/hub/library/nginx:1").succeeded()).isFalse();
    applied(host.apply(new Change.Prune(POLICY)));
    Path later = CONTAINERS.resolve("registries.conf.d/99-other.conf");
    Files.writeString(later, "[[registry]]\nprefix = \"docker.io\"\nlocation = \"x.test\"\n");
    assertThat(host.runtime().prove(regime("docker.io")))
        .isInstanceOfSatisfying(
            Proof.Inconclusive.class,
            proof -> assertThat(proof.detail()).contains("99-other.conf", "docker.io"));
    Files.delete(later);
    Files.writeString(host.dropIn(), "# edited\n" + Files.readString(host.dropIn()));
    assertThat(host.observed(REGISTRIES)).containsEntry("content", "edited (ours)");
    applied(host.apply(new Change.Prune(REGISTRIES)));
    assertThat(host.tree()).isEqualTo(before);
  }

  private void logsUsersIn() throws Exception {
    var authority = TestCertificates.create(Files.createDirectories(directory.resolve("front")));
    var tls = authority.server("front.test").serverContext();
    URI behind = URI.create("http://" + IsolatedJvm.ADDRESS + ":5001");
    try (PasswordFront front =
        PasswordFront.before(
            behind,
            tls,
            (user, word) -> user.equals("puller") && word.equals("right: of a test"))) {
      String address = "front.test:" + front.port();
      Change.Create login =
          new Change.Create(
              login("puller"),
              new TreeMap<>(
                  Map.of("auths/" + address, new FieldValue.Sealed(new Seal("as compiled")))));
      applied(host.apply(trusts(address), text(Files.readString(authority.ca()))));
      assertThat(podman.pull(address + "/demo/hello:1").output()).contains("unauthorized");
      applied(host.apply(login, auth("wrong: must fail")));
      assertThat(podman.pull(address + "/demo/hello:1").succeeded()).isFalse();
      applied(host.apply(login, auth("right: of a test")));
      assertThat(podman.pull(address + "/demo/hello:1").succeeded()).isTrue();
      shown(Capability.USER_CREDENTIALS);
      Path shadow = Path.of("/run/containers/0/auth.json");
      Files.createDirectories(shadow.getParent());
      Files.writeString(shadow, "{\"auths\": {\"" + address + "\": {\"auth\": \"eDp5\"}}}");
      assertThat(failed(host.apply(login, auth("right: of a test")), FailureReason.Unsafe).detail())
          .contains(shadow.toString());
      Files.delete(shadow);
      applied(host.apply(new Change.Prune(login("puller"))));
      applied(host.apply(new Change.Prune(certificate(address, "ca.crt"))));
      assertThat(podman.home().resolve(".config/containers")).doesNotExist();
    }
  }

  private static Change trusts(String address) {
    return creates(certificate(address, "ca.crt"), "content", "sha256 of the CA", "mode", "0644");
  }

  private void trustsACaUntilItIsRotated() throws Exception {
    Path images = directory.resolve("secure");
    RegistryServer.store(images, "demo/hello", "1");
    Map<String, String> before = host.tree();
    TestCertificates old = authority("old");
    try (RegistryServer _ = RegistryServer.start(images, secure(old))) {
      assertThat(podman.pull(SECURE + "/demo/hello:1").output()).contains("x509");
      applied(host.apply(trusts(SECURE), text(Files.readString(old.ca()))));
      assertThat(podman.pull(SECURE + "/demo/hello:1").succeeded()).isTrue();
    }
    TestCertificates rotated = authority("rotated");
    try (RegistryServer _ = RegistryServer.start(images, secure(rotated))) {
      assertThat(podman.pull(SECURE + "/demo/hello:1").output()).contains("x509");
      applied(host.apply(trusts(SECURE), text(Files.readString(rotated.ca()))));
      assertThat(podman.pull(SECURE + "/demo/hello:1").succeeded()).isTrue();
      shown(Capability.CA);
    }
    try (RegistryServer _ = RegistryServer.start(images, mutual(rotated))) {
      showsAClientCertificate(rotated.client("puller"));
      applied(host.apply(new Change.Prune(certificate(SECURE, "ca.crt"))));
      assertThat(podman.pull(SECURE + "/demo/hello:1").succeeded()).isFalse();
    }
    assertThat(host.tree()).isEqualTo(before);
  }

  private void showsAClientCertificate(TestCertificates.Issued client) throws Exception {
    assertThat(podman.pull(SECURE + "/demo/hello:1").succeeded()).as("without it").isFalse();
    Map<String, String> pair =
        Map.of(
            "client.cert", Files.readString(client.certificate()),
            "client.key", Files.readString(client.key()));
    applied(
        host.apply(
            creates(certificate(SECURE, "client.cert"), "content", "sha256", "mode", "0644"),
            (id, _) ->
                new Payload.Text(
                    Secret.of(String.valueOf(pair.get(Path.of(id.name()).toFile().getName()))))));
    assertThat(podman.pull(SECURE + "/demo/hello:1").succeeded()).isTrue();
    shown(Capability.CLIENT_CERTIFICATE);
    applied(host.apply(new Change.Prune(certificate(SECURE, "client.cert"))));
  }

  private TestCertificates authority(String name) throws Exception {
    return TestCertificates.create(Files.createDirectories(directory.resolve(name)));
  }

  /// Asks for a client certificate too.
  private static RegistryServer.Options mutual(TestCertificates authority) {
    RegistryServer.Options options = secure(authority);
    String lines = options.tls() + "    clientcas: [%s]\n".formatted(authority.ca());
    return new RegistryServer.Options(options.host(), options.port(), lines, options.auth());
  }

  private static RegistryServer.Options secure(TestCertificates authority) {
    TestCertificates.Issued server = authority.server("reg-a.test");
    return RegistryServer.Options.plain(IsolatedJvm.ADDRESS, 5000)
        .withTls(server.certificate(), server.key());
  }
}
