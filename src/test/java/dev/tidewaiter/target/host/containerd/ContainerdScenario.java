package dev.tidewaiter.target.host.containerd;

import static dev.tidewaiter.target.host.containerd.ContainerdHost.applied;
import static dev.tidewaiter.target.host.containerd.ContainerdHost.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.RuleBook;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.testbed.ContainerdServer;
import dev.tidewaiter.testbed.IsolatedJvm;
import dev.tidewaiter.testbed.Matrix;
import dev.tidewaiter.testbed.RegistryServer;
import dev.tidewaiter.testbed.TestCertificates;
import dev.tidewaiter.testbed.TokenIssuer;
import dev.tidewaiter.testing.Observing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What [ContainerdHostIT] runs inside an [IsolatedJvm]: the adapter with `/` as its root.
public final class ContainerdScenario {
  private static final String HOST = IsolatedJvm.ADDRESS;
  private static final String TLS = HOST + ":5000";
  private static final String PLAIN = HOST + ":5001";
  private static final String BASIC = HOST + ":5002";
  private static final String TOKEN = HOST + ":5003";
  private static final String CLIENTS = HOST + ":5004";
  private static final String DEAD = HOST + ":5009";
  private static final String HELLO = "/demo/hello:1";
  private static final String ACCOUNT = "puller:the password";
  private static final String NEXT_ACCOUNT = "puller:the next password";
  private static final String CA = "ca=/etc/containerd/certs.d/";

  private final Path containerd;
  private final Path directory;
  private final Registries registries;

  private ContainerdScenario(Path containerd, Path directory, Registries registries) {
    this.containerd = containerd;
    this.directory = directory;
    this.registries = registries;
  }

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[1]);
    try (Registries registries = Registries.start(directory)) {
      var scenario = new ContainerdScenario(Path.of(arguments[0]), directory, registries);
      scenario.denies();
      scenario.sets();
      scenario.reaches();
    }
    System.exit(0);
  }

  // The sandbox image is one that can be pulled here.
  private static String settings() {
    return """
    version = 2
    [plugins."io.containerd.grpc.v1.cri"]
      sandbox_image = "%s"
    [plugins."io.containerd.grpc.v1.cri".registry]
      config_path = "/etc/containerd/certs.d"
    """
        .formatted(TLS + HELLO);
  }

  private ContainerdServer start() {
    return ContainerdServer.start(containerd, directory, List.of());
  }

  private void reaches() throws Exception {
    Files.writeString(ContainerdServer.SETTINGS, settings());
    var host = new ContainerdHost(directory, SettingsPermission.LEAVE);
    try (ContainerdServer server = start()) {
      Map<Path, String> before = ContainerdHost.tree();
      long pid = server.pid();
      RuntimeFacts facts = host.facts();
      assertThat(facts.directory()).isEqualTo("etc/containerd/certs.d");

      assertThat(server.pull(TLS + HELLO).succeeded()).as("before").isFalse();
      host.file(TLS, "ca.crt", registries.certificates.ca());
      pulls(server, TLS + HELLO);
      shown(facts, Capability.CA);

      assertThat(server.pull(PLAIN + HELLO).succeeded()).as("before").isFalse();
      host.reach(PLAIN, "https://" + PLAIN + " skip-verify", "http://" + PLAIN);
      pulls(server, PLAIN + HELLO);
      shown(facts, Capability.INSECURE);

      for (String registry : List.of(BASIC, TOKEN)) {
        host.file(registry, "ca.crt", registries.certificates.ca());
        assertThat(server.pull(registry + HELLO).succeeded()).as("nobody").isFalse();
        ContainerdServer.Reply reply = server.pull(registry + HELLO, ACCOUNT);
        assertThat(reply.succeeded()).as(reply.output()).isTrue();
      }

      host.file(CLIENTS, "ca.crt", registries.certificates.ca());
      assertThat(server.pull(CLIENTS + HELLO).succeeded()).as("nobody").isFalse();
      host.client(CLIENTS, registries.certificates.client("puller"));
      pulls(server, CLIENTS + HELLO);
      shown(facts, Capability.CLIENT_CERTIFICATE);

      mirrors(host, server, facts);
      nodeCredential(host, server, facts);
      rotatesThePassword(host, server, facts);
      rotatesTheAuthority(host, server);

      Files.writeString(ContainerdServer.SETTINGS, settings() + "# of somebody else\n");
      assertThat(host.facts()).as("a change of the file").isEqualTo(facts);
      Files.writeString(ContainerdServer.SETTINGS, settings());
      host.withdrawAll();
      assertThat(ContainerdHost.tree()).isEqualTo(before);
      assertThat(server.pull(TLS + HELLO).succeeded()).as("after").isFalse();
      assertThat(server.isAlive()).isTrue();
      assertThat(host.runtime.running()).startsWith(pid + " ");
    }
  }

  private void mirrors(ContainerdHost host, ContainerdServer server, RuntimeFacts facts) {
    String ca = CA + TLS + "/ca.crt";
    host.reach(TLS, "https://" + DEAD, "https://" + TLS + " " + ca);
    pulls(server, TLS + HELLO);
    host.reach(
        "upstream.test",
        "https://" + TLS + "/v2/mirror override-path " + ca,
        "https://upstream.test");
    pulls(server, "upstream.test/demo/hello:1");
    shown(facts, Capability.MIRRORS);
    String hub = "https://" + TLS + "/v2/hub override-path " + ca;
    host.reach("docker.io", hub, "https://registry-1.docker.io");
    pulls(server, "nginx:1");
    shown(facts, Capability.HUB_MIRRORS);
    host.withdraw(ContainerdHost.hosts("docker.io"));
    host.reach("docker.io", hub);
    pulls(server, "nginx:1");
    pulls(server, "index.docker.io/library/nginx:1");
    shown(facts, Capability.DEFAULT_REGISTRY);
  }

  private void nodeCredential(ContainerdHost host, ContainerdServer server, RuntimeFacts facts) {
    if (!facts.can(Capability.NODE_CREDENTIALS)) {
      assertThat(facts.lack(Capability.NODE_CREDENTIALS).orElseThrow()).contains("2.1");
      Matrix.refused("containerd", facts.version(), Capability.NODE_CREDENTIALS);
      return;
    }
    for (String registry : List.of(BASIC, TOKEN)) {
      String ca = CA + registry + "/ca.crt";
      host.reachAs(ACCOUNT, registry, "https://" + registry + " " + ca);
      pulls(server, registry + HELLO);
    }
    shown(facts, Capability.NODE_CREDENTIALS);
  }

  // Of the account that tokens are given to. A pull Secret is the kubelet's to bring.
  private void rotatesThePassword(
      ContainerdHost host, ContainerdServer server, RuntimeFacts facts) {
    registries.issuer.replaceAccount(NEXT_ACCOUNT);
    if (facts.can(Capability.NODE_CREDENTIALS)) {
      assertThat(server.pull(TOKEN + HELLO).succeeded()).as("with the old password").isFalse();
      host.replaceAccount(NEXT_ACCOUNT, TOKEN);
      pulls(server, TOKEN + HELLO);
    } else {
      assertThat(server.pull(TOKEN + HELLO, ACCOUNT).succeeded()).as("the old one").isFalse();
      ContainerdServer.Reply reply = server.pull(TOKEN + HELLO, NEXT_ACCOUNT);
      assertThat(reply.succeeded()).as(reply.output()).isTrue();
    }
  }

  private void rotatesTheAuthority(ContainerdHost host, ContainerdServer server) throws Exception {
    TestCertificates next = registries.rotate();
    assertThat(server.pull(TLS + HELLO).succeeded()).as("with the old CA").isFalse();
    host.replace(TLS, "ca.crt", next.ca());
    pulls(server, TLS + HELLO);
  }

  private void denies() throws Exception {
    Files.writeString(ContainerdServer.SETTINGS, settings());
    var host = new ContainerdHost(directory, SettingsPermission.LEAVE);
    try (ContainerdServer server = start()) {
      Map<Path, String> before = ContainerdHost.tree();
      RuntimeFacts facts = host.facts();
      host.reach(PLAIN, "http://" + PLAIN);
      failed(host.denyAllBut(PLAIN), FailureReason.Unsafe, TLS + HELLO);
      failed(host.denyAllBut(PLAIN, TLS), FailureReason.Unsafe, "waits", TLS);
      host.file(TLS, "ca.crt", registries.certificates.ca());
      host.reach(TLS, "https://" + TLS + " " + CA + TLS + "/ca.crt");
      host.file(BASIC, "ca.crt", registries.certificates.ca());
      host.deny(BASIC);
      assertThat(host.runtime.prove(REGIME)).isEqualTo(new Proof.Proven());
      applied(host.denyAllBut(PLAIN, TLS));

      pulls(server, PLAIN + HELLO);
      pulls(server, TLS + HELLO);
      for (String image :
          List.of(
              "nginx:1",
              "DOCKER.io/library/nginx:1",
              "other.test/demo/hello:1",
              "OTHER.test/demo/hello:1",
              TLS + "0/demo/hello:1",
              TLS.replace(':', '.') + ".test/demo/hello:1",
              BASIC + HELLO)) {
        ContainerdServer.Reply reply = server.pull(image, ACCOUNT);
        assertThat(reply.isDenied()).as(image + ": " + reply.output()).isTrue();
      }
      assertThat(host.runtime.prove(REGIME)).isEqualTo(new Proof.Proven());
      shown(facts, Capability.ALLOW_LIST);
      foreign(host, server);

      host.withdrawAll();
      assertThat(ContainerdHost.tree()).isEqualTo(before);
      assertThat(server.pull("other.test/demo/hello:1").isDenied()).as("after").isFalse();
    }
  }

  private static final Regime REGIME =
      new Regime(new RuleBook("production", "", null, new TreeMap<>()), null, Set.of());

  // What others put there stays, and is told: a directory that admits, whatever is in it, and one
  // that stands before ours.
  private static void foreign(ContainerdHost host, ContainerdServer server) throws Exception {
    Path tree = Path.of("/etc/containerd/certs.d");
    Path directory = Files.createDirectory(tree.resolve("foreign.test"));
    Path malformed = directory.resolve("hosts.toml");
    Files.writeString(malformed, "server = = 1");
    Path shadow = Files.createDirectory(tree.resolve(TLS.replace(':', '_') + "_"));
    assertThat(server.pull("foreign.test/demo/hello:1").isDenied()).as("open").isFalse();
    assertThat(server.pull(TLS + HELLO).succeeded()).as("without our CA").isFalse();
    Proof proof = host.runtime.prove(REGIME);
    assertThat(proof).isInstanceOf(Proof.Inconclusive.class);
    assertThat(((Proof.Inconclusive) proof).detail())
        .contains(directory.toString(), shadow.toString());
    assertThat(malformed).hasContent("server = = 1");
    Files.delete(malformed);
    Files.delete(directory);
    Files.delete(shadow);
  }

  private void sets() throws Exception {
    String text =
        """
        # of the administrator
        version = 2
        [plugins."io.containerd.grpc.v1.cri"] # sandboxes
          sandbox_image = "pause.test/pause:1"
        [plugins.'io.containerd.grpc.v1.cri'.registry.headers]
          X-Site = ["here"]
        """;
    Files.writeString(ContainerdServer.SETTINGS, text);
    var host = new ContainerdHost(directory, SettingsPermission.SET);
    try (ContainerdServer server = start()) {
      RuntimeFacts facts = host.facts();
      if (facts.can(Capability.CA)) {
        assertThat(Observing.all(host.target, "production", Set.of(ContainerdHost.settings())))
            .hasSize(1);
        host.set();
        assertThat(ContainerdServer.SETTINGS).content().isEqualTo(text);
        refusesBesideMirrors(host, text);
        return;
      }
      assertThat(facts.lack(Capability.CA).orElseThrow()).contains("no config_path");
      assertThat(server.pull(TLS + HELLO).succeeded()).isFalse();
      failed(
          new ContainerdHost(directory, SettingsPermission.LEAVE).set(),
          FailureReason.Unsafe,
          "configPath: Set");
      host.reach("pause.test", "https://pause.test");
      failed(host.denyAllBut("pause.test"), FailureReason.NotEffective, "not listed");
      host.withdraw(ContainerdHost.hosts("pause.test"));
      applied(host.set());
      assertThat(ContainerdServer.SETTINGS).content().startsWith(text).contains("config_path");
      assertThat(host.facts().lack(Capability.CA).orElseThrow()).contains("Restart containerd");
    }
    try (ContainerdServer server = start()) {
      assertThat(host.facts().lacks()).doesNotContainKeys(Capability.CA, Capability.ALLOW_LIST);
      host.file(TLS, "ca.crt", registries.certificates.ca());
      pulls(server, TLS + HELLO);
      host.withdrawAll();
      assertThat(ContainerdServer.SETTINGS).content().isEqualTo(text);
      assertThat(ContainerdHost.tree()).hasSize(2);
    }
  }

  private static void refusesBesideMirrors(ContainerdHost host, String text) throws Exception {
    String mirrors =
        text
            + "[plugins.\"io.containerd.grpc.v1.cri\".registry.mirrors.\"docker.io\"]\n"
            + "  endpoint = [\"https://mirror.test\"]\n";
    Files.writeString(ContainerdServer.SETTINGS, mirrors);
    failed(host.set(), FailureReason.Unsafe, "`mirrors`");
    assertThat(ContainerdServer.SETTINGS).content().isEqualTo(mirrors);
  }

  private static void pulls(ContainerdServer server, String image) {
    ContainerdServer.Reply reply = server.pull(image);
    assertThat(reply.succeeded()).as(image + ": " + reply.output() + server.log()).isTrue();
  }

  private static void shown(RuntimeFacts facts, Capability capability) {
    assertThat(facts.lacks()).doesNotContainKey(capability);
    Matrix.tested("containerd", facts.version(), capability);
  }

  /// One of each kind.
  private static final class Registries implements AutoCloseable {
    final TestCertificates certificates;
    private final Path directory;
    private RegistryServer tls;
    private final RegistryServer plain;
    private final RegistryServer basic;
    private final RegistryServer clients;
    private final RegistryServer token;
    final TokenIssuer issuer;

    private Registries(Path directory, TestCertificates certificates) {
      this.directory = directory;
      this.certificates = certificates;
      RegistryServer.store(directory, "demo/hello", "1");
      RegistryServer.store(directory, "mirror/demo/hello", "1");
      RegistryServer.store(directory, "hub/library/nginx", "1");
      TestCertificates.Issued issued = certificates.server(HOST);
      var options = RegistryServer.Options.plain(HOST, 5000);
      this.tls = start("tls", withTls(options, issued));
      this.plain = start("plain", RegistryServer.Options.plain(HOST, 5001));
      Path passwords = RegistryServer.account(directory, "puller", "the password");
      this.basic =
          start(
              "basic",
              withTls(RegistryServer.Options.plain(HOST, 5002), issued).withPasswords(passwords));
      this.clients =
          start(
              "clients",
              withTls(RegistryServer.Options.plain(HOST, 5004), issued)
                  .withClientsOf(certificates.ca()));
      this.issuer = TokenIssuer.start(HOST, issued, certificates.ca(), ACCOUNT);
      this.token =
          start(
              "token",
              withTls(RegistryServer.Options.plain(HOST, 5003), issued).withTokensOf(issuer));
    }

    static Registries start(Path directory) throws Exception {
      return new Registries(
          directory, TestCertificates.create(Files.createDirectory(directory.resolve("ca"))));
    }

    private static RegistryServer.Options withTls(
        RegistryServer.Options options, TestCertificates.Issued issued) {
      return options.withTls(issued.certificate(), issued.key());
    }

    // All serve the images of one directory.
    private RegistryServer start(String name, RegistryServer.Options options) {
      Path own = directory.resolve(name);
      try {
        Files.createDirectories(own);
        if (!Files.exists(own.resolve("images"))) {
          Files.createSymbolicLink(own.resolve("images"), directory.resolve("images"));
        }
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      return RegistryServer.start(own, options);
    }

    /// Starts the first again with a certificate of another authority.
    TestCertificates rotate() throws Exception {
      tls.close();
      var next = TestCertificates.create(Files.createDirectory(directory.resolve("next")));
      tls = start("tls", withTls(RegistryServer.Options.plain(HOST, 5000), next.server(HOST)));
      return next;
    }

    @Override
    public void close() {
      token.close();
      issuer.close();
      clients.close();
      basic.close();
      plain.close();
      tls.close();
    }
  }
}
