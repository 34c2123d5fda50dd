package dev.tidewaiter.testbed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/// An HTTPS server that passes every request on to a server of plain HTTP, with its headers.
public final class HttpsFront implements AutoCloseable {
  private static final Set<String> OF_THE_CONNECTION =
      Set.of("host", "connection", "content-length", "upgrade", "http2-settings");

  private final HttpsServer server;
  private final URI behind;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Map<String, List<String>>> headers = new CopyOnWriteArrayList<>();

  private HttpsFront(HttpsServer server, URI behind) {
    this.server = server;
    this.behind = behind;
  }

  /// Listens on a free port of 127.0.0.1.
  public static HttpsFront before(URI behind, SSLContext tls) {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      HttpsServer server = HttpsServer.create(address, 0);
      server.setHttpsConfigurator(new HttpsConfigurator(tls));
      var front = new HttpsFront(server, behind);
      server.setExecutor(front.threads);
      server.createContext("/", front::pass);
      server.start();
      return front;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public URI address() {
    return URI.create("https://localhost:" + server.getAddress().getPort());
  }

  /// The headers of every request so far.
  public List<Map<String, List<String>>> headers() {
    return List.copyOf(headers);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    client.shutdownNow();
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      headers.add(Map.copyOf(exchange.getRequestHeaders()));
      byte[] body = exchange.getRequestBody().readAllBytes();
      var request = HttpRequest.newBuilder(behind.resolve(exchange.getRequestURI()));
      request.method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
      exchange
          .getRequestHeaders()
          .forEach(
              (name, values) -> {
                if (!OF_THE_CONNECTION.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                  values.forEach(value -> request.header(name, value));
                }
              });
      var response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      int length = response.body().length == 0 ? -1 : response.body().length;
      exchange.sendResponseHeaders(response.statusCode(), length);
      exchange.getResponseBody().write(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
