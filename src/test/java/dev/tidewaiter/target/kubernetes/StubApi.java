package dev.tidewaiter.target.kubernetes;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/// Answers in the place of an API server what no real one can be made to, in plain HTTP.
final class StubApi implements AutoCloseable {
  private final HttpServer server;

  private StubApi(HttpServer server) {
    this.server = server;
  }

  /// Answers one request after the other.
  static StubApi start(HttpHandler answers) throws IOException {
    return start(answers, Runnable::run);
  }

  /// Answers all requests side by side.
  static StubApi startConcurrent(HttpHandler answers) throws IOException {
    return start(answers, request -> Thread.ofVirtual().start(request));
  }

  private static StubApi start(HttpHandler answers, Executor executor) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var server = HttpServer.create(address, 0);
    server.createContext("/", answers);
    server.setExecutor(executor);
    server.start();
    return new StubApi(server);
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// By a kubeconfig that is written into a directory.
  ClusterSettings.Access access(Path directory) throws IOException {
    Path file = directory.resolve("kubeconfig");
    Files.writeString(
        file,
        """
        current-context: c
        contexts: [{name: c, context: {cluster: c, user: u}}]
        clusters: [{name: c, cluster: {server: "%s"}}]
        users: [{name: u, user: {token: t}}]
        """
            .formatted(url()));
    return new ClusterSettings.Access.Kubeconfig(file, null);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
