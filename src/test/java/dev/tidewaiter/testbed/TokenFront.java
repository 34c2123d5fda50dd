package dev.tidewaiter.testbed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/// An HTTPS server before a registry that asks nobody: it wants a token, which it gives itself to
/// one account, as Docker Hub and most registries do.
///
/// Source: [token authentication](https://distribution.github.io/distribution/spec/auth/token/).
public final class TokenFront implements AutoCloseable {
  private static final String TOKEN = "the-token-of-the-front";

  private final HttpsServer server;
  private final Passage passage;
  private final String account;
  private final String address;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private TokenFront(HttpsServer server, URI behind, String account, String address) {
    this.server = server;
    this.passage = new Passage(behind);
    this.account = account;
    this.address = address;
  }

  /// @param account `user:password` that gets a token
  public static TokenFront before(
      URI behind, SSLContext tls, InetSocketAddress listen, String account) {
    try {
      HttpsServer server = HttpsServer.create(listen, 0);
      server.setHttpsConfigurator(new HttpsConfigurator(tls));
      String address = listen.getHostString() + ":" + server.getAddress().getPort();
      var front = new TokenFront(server, behind, account, address);
      server.setExecutor(front.threads);
      server.createContext("/token", front::giveToken);
      server.createContext("/v2/", front::answer);
      server.start();
      return front;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void giveToken(HttpExchange exchange) throws IOException {
    try (exchange) {
      String pair = Base64.getEncoder().encodeToString(account.getBytes(StandardCharsets.UTF_8));
      if (isOffered(exchange, "Basic " + pair)) {
        byte[] body = "{\"token\":\"%s\"}".formatted(TOKEN).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      } else {
        exchange.sendResponseHeaders(401, -1);
      }
    }
  }

  private static boolean isOffered(HttpExchange exchange, String authorization) {
    return authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (isOffered(exchange, "Bearer " + TOKEN)) {
        passage.pass(exchange);
      } else {
        exchange
            .getResponseHeaders()
            .set(
                "WWW-Authenticate",
                "Bearer realm=\"https://%s/token\",service=\"front\"".formatted(address));
        exchange.sendResponseHeaders(401, -1);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    passage.close();
  }
}
