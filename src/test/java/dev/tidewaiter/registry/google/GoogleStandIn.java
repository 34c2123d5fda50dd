package dev.tidewaiter.registry.google;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Google's token server, token exchange, impersonation and metadata server, on one port; each path
/// answers as the test says.
final class GoogleStandIn implements AutoCloseable {
  private final HttpServer server;
  private final String scheme;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Reply> replies = new ConcurrentHashMap<>();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();

  /// @param headers of which the JDK's server writes all but `Date`, which is its own
  record Reply(int status, Map<String, String> headers, String body) {
    static Reply json(int status, String body) {
      return new Reply(status, Map.of("Content-Type", "application/json"), body);
    }

    static Reply token(String token, long seconds) {
      return json(
          200,
          """
          {"access_token": "%s", "expires_in": %d, "token_type": "Bearer",
           "issued_token_type": "urn:ietf:params:oauth:token-type:access_token"}"""
              .formatted(token, seconds));
    }

    Reply with(String words) {
      return new Reply(status, headers, body.replace("in words", words));
    }

    static Reply error(int status, String code) {
      return json(status, "{\"error\": \"" + code + "\", \"error_description\": \"in words\"}");
    }
  }

  /// @param query as it stands in the address; null for none
  record Seen(String path, @Nullable String query, Map<String, List<String>> headers, String body) {
    String parameter(String name) {
      for (String pair : body.split("&", -1)) {
        if (pair.startsWith(name + "=")) {
          return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
        }
      }
      return "";
    }
  }

  private GoogleStandIn(HttpServer server, String scheme) {
    this.server = server;
    this.scheme = scheme;
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  static GoogleStandIn start() throws IOException {
    return new GoogleStandIn(HttpServer.create(loopback(), 0), "http");
  }

  static GoogleStandIn startWithTls(SSLContext tls) throws IOException {
    HttpsServer server = HttpsServer.create(loopback(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return new GoogleStandIn(server, "https");
  }

  void replies(String path, Reply reply) {
    replies.put(path, reply);
  }

  URI at(String path) {
    return URI.create(scheme + "://" + host() + path);
  }

  String host() {
    return "localhost:" + server.getAddress().getPort();
  }

  List<Seen> seen() {
    return List.copyOf(seen);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      byte[] body = exchange.getRequestBody().readAllBytes();
      seen.add(
          new Seen(
              path,
              exchange.getRequestURI().getQuery(),
              Map.copyOf(exchange.getRequestHeaders()),
              new String(body, StandardCharsets.UTF_8)));
      Reply reply = replies.getOrDefault(path, Reply.json(404, ""));
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
