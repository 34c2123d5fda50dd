package dev.tidewaiter.sandbox;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The sandbox's own registry, which one can log in to: it answers the registry API's log-in check
/// (`GET /v2/`) with basic authentication, over plain HTTP, and holds no image.
///
/// It accepts what a file says at the moment of the request, so that a rotated password takes
/// effect here, too.
///
/// Source: [distribution
/// specification](https://github.com/opencontainers/distribution-spec/blob/main/spec.md#determining-support).
final class RegistryStandIn implements AutoCloseable {
  private final HttpServer server;

  private RegistryStandIn(HttpServer server) {
    this.server = server;
  }

  static RegistryStandIn start(Path account) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server
        .createContext("/v2/", RegistryStandIn::answer)
        .setAuthenticator(
            new BasicAuthenticator("sandbox registry") {
              @Override
              public boolean checkCredentials(String username, String password) {
                return accepts(account, username, password);
              }
            });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return new RegistryStandIn(server);
  }

  /// `localhost:PORT`
  String address() {
    return "localhost:" + server.getAddress().getPort();
  }

  private static boolean accepts(Path account, String username, String offered) {
    try {
      JsonNode accepted = JsonMapper.shared().readTree(Files.readString(account));
      return accepted.path("username").asString().equals(username)
          && accepted.path("password").asString().equals(offered);
    } catch (IOException e) {
      return false;
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = "{}\n".getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Docker-Distribution-Api-Version", "registry/2.0");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
