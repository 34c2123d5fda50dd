package dev.tidewaiter.testbed;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A real etcd and a real kube-apiserver with RBAC and an audit log, without kubelets and without a
/// controller manager: nobody but the test creates ServiceAccounts or empties namespaces.
public final class KubeApiServer implements AutoCloseable {
  private static @Nullable KubeApiServer shared;

  private static final AtomicInteger NAMES = new AtomicInteger();

  private static final String AUDIT_POLICY =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived]
      rules:
        - level: Metadata
      """;

  private final Path directory;
  private final Certificates certificates;
  private final List<String> etcdOptions;
  private final List<String> options;
  private final int port;
  private final int etcdPort;
  private ServerProcess etcd;
  private ServerProcess apiServer;
  private final KubernetesClient admin;

  private KubeApiServer(Path directory, List<String> etcdOptions, List<String> options) {
    this.directory = directory;
    this.etcdOptions = etcdOptions;
    this.options = options;
    this.certificates = new Certificates(directory);
    this.port = TestBed.freePort();
    this.etcdPort = TestBed.freePort();
    certificates.issue("server", "CN=127.0.0.1");
    certificates.issue("service-account", "CN=service-account");
    this.etcd = startEtcd();
    this.apiServer = startApiServer();
    this.admin = client(kubeconfig("admin", "CN=admin,O=system:masters"));
  }

  /// The server that all tests of this process share; it ends with the process.
  public static synchronized KubeApiServer shared() {
    KubeApiServer running = shared;
    if (running == null) {
      running = start(temporary(), List.of());
      Runtime.getRuntime().addShutdownHook(new Thread(running::close));
      shared = running;
    }
    return running;
  }

  /// Starts a server of its own.
  ///
  /// @param options of kube-apiserver, such as `--emulated-version=1.35`
  public static KubeApiServer start(Path directory, List<String> options) {
    return new KubeApiServer(directory, List.of("--unsafe-no-fsync"), options);
  }

  /// Starts one whose writes are on disk when they are answered, as in production.
  public static KubeApiServer startDurable(Path directory, List<String> options) {
    return new KubeApiServer(directory, List.of(), options);
  }

  private ServerProcess startEtcd() {
    String clients = "http://127.0.0.1:" + etcdPort;
    String peers = "http://127.0.0.1:" + TestBed.freePort();
    var command =
        Stream.concat(
            Stream.of(
                TestBed.binary("etcd").toString(),
                "--log-level=error",
                "--data-dir=" + directory.resolve("etcd"),
                "--listen-client-urls=" + clients,
                "--advertise-client-urls=" + clients,
                "--listen-peer-urls=" + peers,
                "--initial-advertise-peer-urls=" + peers,
                "--initial-cluster=default=" + peers),
            etcdOptions.stream());
    var builder = new ProcessBuilder(command.toList());
    return ServerProcess.start("etcd", builder, directory.resolve("etcd.log"))
        .awaitReady(Duration.ofSeconds(30), () -> accepts(etcdPort));
  }

  private ServerProcess startApiServer() {
    write("audit.yaml", AUDIT_POLICY);
    var command =
        Stream.concat(
            Stream.of(
                TestBed.binary("kube-apiserver").toString(),
                "--etcd-servers=http://127.0.0.1:" + etcdPort,
                "--bind-address=127.0.0.1",
                "--secure-port=" + port,
                "--tls-cert-file=" + directory.resolve("server.crt"),
                "--tls-private-key-file=" + directory.resolve("server.key"),
                "--client-ca-file=" + certificates.authority(),
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + directory.resolve("service-account.key"),
                "--service-account-signing-key-file=" + directory.resolve("service-account.key"),
                "--authorization-mode=RBAC",
                "--service-cluster-ip-range=10.0.0.0/24",
                "--audit-policy-file=" + directory.resolve("audit.yaml"),
                "--audit-log-path=" + auditLog(),
                // Never rotated: it is read as a whole.
                "--audit-log-maxsize=2000"),
            options.stream());
    var builder = new ProcessBuilder(command.toList());
    return ServerProcess.start("kube-apiserver", builder, directory.resolve("apiserver.log"))
        .awaitReady(Duration.ofSeconds(60), this::isReady);
  }

  private boolean isReady() {
    if (!accepts(port)) {
      return false;
    }
    try (KubernetesClient client = client(kubeconfig("admin", "CN=admin,O=system:masters"))) {
      return client.namespaces().withName("kube-system").get() != null;
    } catch (KubernetesClientException _) {
      return false;
    }
  }

  private static boolean accepts(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException _) {
      return false;
    }
  }

  /// Stops the API server, so that every connection breaks; etcd stays.
  public void stopApiServer() {
    apiServer.close();
  }

  public void startAgain() {
    apiServer = startApiServer();
  }

  /// Loses all that is stored, as where a cluster is built anew behind the same address: versions
  /// begin again.
  public void loseEverything() {
    apiServer.close();
    etcd.close();
    try (Stream<Path> files = Files.walk(directory.resolve("etcd"))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    etcd = startEtcd();
    apiServer = startApiServer();
  }

  public int port() {
    return port;
  }

  /// A client that may do everything.
  public KubernetesClient admin() {
    return admin;
  }

  /// A name that no other test of this process uses.
  public static String uniqueName(String prefix) {
    return prefix + "-" + NAMES.incrementAndGet();
  }

  /// Creates a namespace of a new name with ServiceAccounts.
  public String createNamespace(String prefix, String... serviceAccounts) {
    String name = uniqueName(prefix);
    createNamespace(
        new NamespaceBuilder().withNewMetadata().withName(name).endMetadata(), serviceAccounts);
    return name;
  }

  public void createNamespace(NamespaceBuilder namespace, String... serviceAccounts) {
    var created = admin.namespaces().resource(namespace.build()).create();
    for (String account : serviceAccounts) {
      admin
          .serviceAccounts()
          .inNamespace(created.getMetadata().getName())
          .resource(
              new ServiceAccountBuilder().withNewMetadata().withName(account).endMetadata().build())
          .create();
    }
  }

  /// A kubeconfig with a client certificate for a subject such as `CN=tidewaiter`.
  public Path kubeconfig(String name, String subject) {
    Path file = directory.resolve(name + ".kubeconfig");
    if (!Files.exists(file)) {
      Path certificate = certificates.issue(name, subject);
      write(
          file.getFileName().toString(),
          kubeconfig(
              port,
              "client-certificate: %s, client-key: %s"
                  .formatted(certificate, directory.resolve(name + ".key"))));
    }
    return file;
  }

  /// The certificate that its own is signed with, in PEM.
  public Path authority() {
    return certificates.authority();
  }

  /// The text of a kubeconfig for this server, or for a proxy before it on another port.
  public String kubeconfig(int port, String user) {
    return """
    apiVersion: v1
    kind: Config
    current-context: test
    contexts: [{name: test, context: {cluster: test, user: test}}]
    clusters: [{name: test, cluster: {server: "https://127.0.0.1:%d", certificate-authority: %s}}]
    users: [{name: test, user: {%s}}]
    """
        .formatted(port, certificates.authority(), user);
  }

  /// A token of a ServiceAccount, as a pod of it would have.
  public String token(String namespace, String serviceAccount) {
    var request = new TokenRequest();
    return admin
        .serviceAccounts()
        .inNamespace(namespace)
        .withName(serviceAccount)
        .tokenRequest(request)
        .getStatus()
        .getToken();
  }

  /// Applies the product's own RBAC manifest.
  ///
  /// @param names put into its `resourceNames` besides `registry-credentials`
  public void applyRbac(String... names) {
    try {
      String manifest = Files.readString(Path.of("src/main/kubernetes/rbac.yaml"));
      String all = String.join(", ", names);
      String widened =
          manifest.replace(
              "resourceNames: [registry-credentials]",
              "resourceNames: [registry-credentials" + (all.isEmpty() ? "" : ", " + all) + "]");
      admin
          .load(new ByteArrayInputStream(widened.getBytes(StandardCharsets.UTF_8)))
          .serverSideApply();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Lines of the audit log so far, one per answered request.
  public List<String> audit() {
    try {
      Path log = auditLog();
      return Files.exists(log) ? Files.readAllLines(log) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// How many writes of a user the audit log has from a line on.
  public long writesSince(int line, String user) {
    return audit().stream()
        .skip(line)
        .filter(entry -> entry.contains("\"username\":\"" + user + "\""))
        .filter(entry -> entry.matches(".*\"verb\":\"(create|update|patch|delete)\".*"))
        .count();
  }

  private static KubernetesClient client(Path kubeconfig) {
    Config config = Config.fromKubeconfig(kubeconfig.toFile());
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private void write(String name, String text) {
    try {
      Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("tidewaiter-kube");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where its audit log is: a JSON object a line for each answered request.
  public Path auditLog() {
    return directory.resolve("audit.log");
  }

  /// Where the servers keep their files.
  public Path directory() {
    return directory;
  }

  @Override
  public void close() {
    admin.close();
    apiServer.close();
    etcd.close();
  }
}
