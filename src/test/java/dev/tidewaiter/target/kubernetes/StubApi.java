package dev.tidewaiter.target.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;

/// Answers in the place of an API server what no real one can be made to, by HTTP/1.1 alone.
final class StubApi implements AutoCloseable {
  private final HttpServer server;
  private final String scheme;

  private StubApi(HttpServer server, String scheme) {
    this.server = server;
    this.scheme = scheme;
  }

  /// Answers one request after the other.
  static StubApi start(HttpHandler answers) throws IOException {
    return start(HttpServer.create(loopback(), 0), "http", answers, Runnable::run);
  }

  /// Answers all requests side by side.
  static StubApi startConcurrent(HttpHandler answers) throws IOException {
    return start(HttpServer.create(loopback(), 0), "http", answers, StubApi::aside);
  }

  /// The same over TLS.
  static StubApi startConcurrent(SSLContext tls, HttpHandler answers) throws IOException {
    HttpsServer server = HttpsServer.create(loopback(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return start(server, "https", answers, StubApi::aside);
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static void aside(Runnable request) {
    Thread.ofVirtual().start(request);
  }

  private static StubApi start(
      HttpServer server, String scheme, HttpHandler answers, Executor executor) {
    server.createContext("/", answers);
    server.setExecutor(executor);
    server.start();
    return new StubApi(server, scheme);
  }

  String url() {
    return scheme + "://127.0.0.1:" + server.getAddress().getPort();
  }

  /// By a kubeconfig that is written into a directory.
  ClusterSettings.Access access(Path directory) throws IOException {
    return access(directory, url());
  }

  /// The same, for another server.
  static ClusterSettings.Access access(Path directory, String url) throws IOException {
    Path file = directory.resolve("kubeconfig");
    Files.writeString(
        file,
        """
        current-context: c
        contexts: [{name: c, context: {cluster: c, user: u}}]
        clusters: [{name: c, cluster: {server: "%s"}}]
        users: [{name: u, user: {token: t}}]
        """
            .formatted(url));
    return new ClusterSettings.Access.Kubeconfig(file, null);
  }

  /// A client of it, by such a kubeconfig and with a clock that stands still.
  Api client(Path directory) throws IOException {
    var settings =
        new ClusterSettings("stub", access(directory), "instance", null, Duration.ofMinutes(10));
    return new Api(new Connection(settings, Map.of(), () -> Instant.EPOCH));
  }

  /// The whole of an answer.
  static void answer(HttpExchange exchange, int code, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
