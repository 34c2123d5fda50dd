package dev.tidewaiter.testbed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiPredicate;
import javax.net.ssl.SSLContext;

/// An HTTPS server before a registry that asks nobody: it lets through whom a test says, at that
/// moment, and with passwords longer than the 72 bytes of bcrypt.
///
/// Source: [distribution
/// specification](https://github.com/opencontainers/distribution-spec/blob/main/spec.md).
public final class PasswordFront implements AutoCloseable {
  private static final List<String> PASSED =
      List.of("Content-Type", "Docker-Content-Digest", "Docker-Distribution-Api-Version", "Etag");

  private final HttpsServer server;
  private final URI behind;
  private final BiPredicate<String, String> accounts;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private PasswordFront(HttpsServer server, URI behind, BiPredicate<String, String> accounts) {
    this.server = server;
    this.behind = behind;
    this.accounts = accounts;
  }

  /// Listens on a free port of 127.0.0.1.
  ///
  /// @param accounts whether somebody of that name with that password may pass
  public static PasswordFront before(
      URI behind, SSLContext tls, BiPredicate<String, String> accounts) {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      HttpsServer server = HttpsServer.create(address, 0);
      server.setHttpsConfigurator(new HttpsConfigurator(tls));
      var front = new PasswordFront(server, behind, accounts);
      server.setExecutor(front.threads);
      server.createContext("/", front::answer);
      server.start();
      return front;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (isKnown(exchange)) {
        pass(exchange);
      } else {
        exchange.getResponseHeaders().set("Docker-Distribution-Api-Version", "registry/2.0");
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"of a test\"");
        exchange.sendResponseHeaders(401, -1);
      }
    }
  }

  private boolean isKnown(HttpExchange exchange) {
    String offered = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    if (!offered.startsWith("Basic ")) {
      return false;
    }
    byte[] decoded = Base64.getDecoder().decode(offered.substring("Basic ".length()));
    String[] account = new String(decoded, StandardCharsets.UTF_8).split(":", 2);
    return account.length == 2 && accounts.test(account[0], account[1]);
  }

  private void pass(HttpExchange exchange) throws IOException {
    var request =
        HttpRequest.newBuilder(behind.resolve(exchange.getRequestURI()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.noBody());
    exchange
        .getRequestHeaders()
        .getOrDefault("Accept", List.of())
        .forEach(value -> request.header("Accept", value));
    HttpResponse<byte[]> response = send(request.build());
    var headers = exchange.getResponseHeaders();
    PASSED.forEach(
        name -> response.headers().firstValue(name).ifPresent(value -> headers.set(name, value)));
    byte[] body = response.body();
    if (exchange.getRequestMethod().equals("HEAD")) {
      response
          .headers()
          .firstValue("Content-Length")
          .ifPresent(length -> headers.set("Content-Length", length));
    }
    exchange.sendResponseHeaders(response.statusCode(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    client.shutdownNow();
  }
}
