package dev.tidewaiter.registry.oci;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// A server that answers as a test says, and remembers what it was asked.
final class StandIn implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  /// @param host without its port
  /// @param uri path and query
  /// @param authorization null if none was presented
  record Request(String host, String method, String uri, @Nullable String authorization) {
    boolean isFor(String prefix) {
      return uri.startsWith(prefix);
    }
  }

  record Answer(int status, List<String> headers, String body) {
    static Answer of(int status) {
      return new Answer(status, List.of(), "");
    }

    /// Of a registry: with the header that says so.
    static Answer registry(int status) {
      return of(status).with("Docker-Distribution-Api-Version: registry/2.0");
    }

    Answer with(String header) {
      var all = new ArrayList<>(headers);
      all.add(header);
      return new Answer(status, all, body);
    }

    Answer json(String json) {
      return new Answer(status, headers, json).with("Content-Type: application/json");
    }

    Answer html() {
      return new Answer(status, headers, "<html>Please log in</html>")
          .with("Content-Type: text/html; charset=utf-8");
    }
  }

  interface Answers {
    Answer to(Request request);
  }

  private StandIn(HttpServer server, Answers answers) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(exchange, answers));
    server.start();
  }

  /// @param tls null for plain HTTP
  static StandIn start(@Nullable SSLContext tls, Answers answers) {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      if (tls == null) {
        return new StandIn(HttpServer.create(address, 0), answers);
      }
      HttpsServer server = HttpsServer.create(address, 0);
      server.setHttpsConfigurator(new HttpsConfigurator(tls));
      return new StandIn(server, answers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange, Answers answers) throws IOException {
    try (exchange) {
      var headers = exchange.getRequestHeaders();
      var request =
          new Request(
              headers.getFirst("Host").replaceFirst(":.*", ""),
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              headers.getFirst("Authorization"));
      requests.add(request);
      Answer answer = answers.to(request);
      for (String header : answer.headers()) {
        String[] parts = header.split(": ", 2);
        exchange.getResponseHeaders().add(parts[0], parts[1]);
      }
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      boolean silent = body.length == 0 || request.method().equals("HEAD");
      exchange.sendResponseHeaders(answer.status(), silent ? -1 : body.length);
      if (!silent) {
        exchange.getResponseBody().write(body);
      }
    }
  }
}
