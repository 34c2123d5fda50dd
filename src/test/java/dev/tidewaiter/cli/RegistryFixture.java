package dev.tidewaiter.cli;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidewaiter.testbed.GitRepository;
import dev.tidewaiter.testbed.TcpProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A registry without TLS that has `acme/base:1`, a repository that declares it, and the
/// configuration of a daemon whose cluster nobody can reach.
final class RegistryFixture implements AutoCloseable {
  static final String DIGEST = "sha256:" + "5".repeat(64);

  private final Path directory;
  private final HttpServer server;
  private final TcpProxy front;
  private final GitRepository repository;

  RegistryFixture(Path directory) throws IOException {
    this.directory = directory;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server
        .createContext("/v2/", RegistryFixture::answer)
        .setAuthenticator(
            new BasicAuthenticator("a registry of a test") {
              @Override
              public boolean checkCredentials(String username, String password) {
                return username.equals("puller") && password.equals("right");
              }
            });
    server.start();
    front = TcpProxy.withoutTls(server.getAddress().getPort());
    repository = GitRepository.create(directory);
    repository
        .write("registries/lab.yaml", registry("lab", "{}"))
        .write("registries/other.yaml", OTHER)
        .write("environments.yaml", ENVIRONMENTS)
        .commit("A registry for two environments");
    Files.createDirectories(directory.resolve("secrets"));
    password("right");
    Files.writeString(configuration(), configurationText());
  }

  private static final String OTHER =
      """
      apiVersion: tidewaiter.dev/v1
      kind: Registry
      metadata: {name: other}
      spec: {address: other.example, credential: {anonymous: {}}}
      """;

  private static final String ENVIRONMENTS =
      """
      apiVersion: tidewaiter.dev/v1
      kind: Environment
      metadata: {name: production}
      spec: {registries: [lab, other], namespaces: {names: [shop]}}
      ---
      apiVersion: tidewaiter.dev/v1
      kind: Environment
      metadata: {name: staging}
      spec: {registries: [other], namespaces: {selector: {matchLabels: {stage: test}}}}
      """;

  /// The registry's declaration.
  ///
  /// @param more of its specification, in flow style
  String registry(String name, String more) {
    return """
    apiVersion: tidewaiter.dev/v1
    kind: Registry
    metadata: {name: %s}
    spec:
      address: "%s"
      credential: {basic: {username: puller, password: {file: "%s"}}}
      tls: {insecure: true}
      verify: %s
    """
        .formatted(name, address(), directory.resolve("secrets/password"), more);
  }

  private String configurationText() {
    return """
    apiVersion: tidewaiter.dev/v1
    kind: Daemon
    metadata: {name: test}
    spec:
      stateDirectory: "%s"
      repository: {url: "file://%s"}
      files: {allowedDirectories: ["%s"]}
      clusters: [{name: prod, kubeconfig: {file: "%s"}}]
      listen: 127.0.0.1:1
    """
        .formatted(
            directory.resolve("state"),
            repository.bare(),
            directory.resolve("secrets"),
            directory.resolve("no.kubeconfig"));
  }

  void password(String value) throws IOException {
    Files.writeString(directory.resolve("secrets/password"), value);
  }

  Path configuration() {
    return directory.resolve("tidewaiter.yaml");
  }

  GitRepository repository() {
    return repository;
  }

  /// `127.0.0.1:PORT`
  String address() {
    return "127.0.0.1:" + front.port();
  }

  /// A file with manifests, `REGISTRY` being the registry's address.
  Path manifest(String name, String text) throws IOException {
    Path file = directory.resolve("manifests").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text.replace("REGISTRY", address()));
  }

  Shell.Ended run(String command, String... more) {
    String[] arguments = new String[more.length + 3];
    arguments[0] = command;
    arguments[1] = "--config";
    arguments[2] = configuration().toString();
    System.arraycopy(more, 0, arguments, 3, more.length);
    return Shell.run(arguments);
  }

  @Override
  public void close() {
    front.close();
    server.stop(0);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      var headers = exchange.getResponseHeaders();
      headers.set("Docker-Distribution-Api-Version", "registry/2.0");
      boolean there = path.equals("/v2/") || path.equals("/v2/acme/base/manifests/1");
      if (path.contains("/manifests/") && there) {
        headers.set("Docker-Content-Digest", DIGEST);
      }
      byte[] body = "{}".getBytes(StandardCharsets.US_ASCII);
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(there ? 200 : 404, head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }
}
