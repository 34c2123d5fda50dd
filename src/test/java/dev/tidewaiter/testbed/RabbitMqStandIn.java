package dev.tidewaiter.testbed;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import tools.jackson.databind.json.JsonMapper;

/// As much of RabbitMQ's management API as Vault's engine `rabbitmq` needs: users that are created,
/// may log in, and are deleted. With it the real Vault lends a user name and a password.
///
/// Source: [HTTP API](https://www.rabbitmq.com/docs/http-api-reference).
public final class RabbitMqStandIn implements AutoCloseable {
  private static final String ADMINISTRATOR = "administrator";
  private static final String PASSWORD = "of the stand-in's administrator";
  private static final String USERS = "/api/users/";

  private final HttpServer server;
  private final Map<String, String> users = new ConcurrentHashMap<>();
  private volatile boolean broken;

  private RabbitMqStandIn(HttpServer server) {
    this.server = server;
  }

  /// Listens on a free port of 127.0.0.1.
  public static RabbitMqStandIn start() {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      var standIn = new RabbitMqStandIn(HttpServer.create(address, 0));
      standIn.serve();
      return standIn;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve() {
    var administrators =
        new BasicAuthenticator("management") {
          @Override
          public boolean checkCredentials(String name, String password) {
            return name.equals(ADMINISTRATOR) && password.equals(PASSWORD);
          }
        };
    server.createContext("/api/", this::answer).setAuthenticator(administrators);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  /// What Vault's `config/connection` takes.
  public Map<String, Object> connection() {
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return Map.of(
        "connection_uri", address.toString(), "username", ADMINISTRATOR, "password", PASSWORD);
  }

  /// Whether somebody may log in.
  public boolean knows(String user, String password) {
    return password.equals(users.get(user));
  }

  /// How many users there are.
  public int size() {
    return users.size();
  }

  /// Answers everything with 500, until it is repaired.
  public void breakDown() {
    broken = true;
  }

  public void repair() {
    broken = false;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      if (broken) {
        exchange.sendResponseHeaders(500, -1);
      } else if (path.startsWith(USERS) && path.length() > USERS.length()) {
        exchange.sendResponseHeaders(
            change(exchange.getRequestMethod(), path.substring(USERS.length()), body), -1);
      } else if (path.startsWith("/api/permissions/")) {
        exchange.sendResponseHeaders(204, -1);
      } else {
        byte[] none = "[]".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, none.length);
        exchange.getResponseBody().write(none);
      }
    }
  }

  private int change(String method, String user, byte[] body) {
    switch (method) {
      case "PUT" ->
          users.put(user, JsonMapper.builder().build().readTree(body).path("password").asString());
      case "DELETE" -> users.remove(user);
      default -> {
        return 405;
      }
    }
    return 204;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
