package dev.tidewaiter.testbed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
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
  private final HttpsServer server;
  private final Passage passage;
  private final BiPredicate<String, String> accounts;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private PasswordFront(HttpsServer server, URI behind, BiPredicate<String, String> accounts) {
    this.server = server;
    this.passage = new Passage(behind);
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
        passage.pass(exchange);
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

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    passage.close();
  }
}
