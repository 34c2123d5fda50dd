package dev.tidewaiter.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/// Answers as a Vault with a KV 2 engine at `secret/` would, from a directory:
/// `secret/registries/quay` is `registries/quay.json` in it.
///
/// Editing a file is rotating a secret; deleting it is deleting the secret. One token is accepted.
final class VaultStandIn implements AutoCloseable {
  private static final String DATA = "/v1/secret/data/";

  private final HttpServer server;
  private final Path directory;
  private final String acceptedToken;

  private VaultStandIn(HttpServer server, Path directory, String acceptedToken) {
    this.server = server;
    this.directory = directory;
    this.acceptedToken = acceptedToken;
  }

  static VaultStandIn start(Path directory, String acceptedToken) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var vault = new VaultStandIn(server, directory.toAbsolutePath().normalize(), acceptedToken);
    server.createContext("/", vault::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return vault;
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (!acceptedToken.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"))) {
      respond(exchange, 403, "{\"errors\":[\"permission denied\"]}");
    } else if (path.startsWith("/v1/sys/internal/ui/mounts/secret")) {
      respond(
          exchange,
          200,
          "{\"data\":{\"type\":\"kv\",\"path\":\"secret/\",\"options\":{\"version\":\"2\"}}}");
    } else if (path.equals("/v1/auth/token/lookup-self")) {
      respond(
          exchange, 200, "{\"data\":{\"ttl\":0,\"renewable\":false,\"policies\":[\"sandbox\"]}}");
    } else if (path.startsWith(DATA)) {
      answerSecret(exchange, path.substring(DATA.length()));
    } else {
      respond(exchange, 404, "{\"errors\":[\"no handler for route\"]}");
    }
  }

  private void answerSecret(HttpExchange exchange, String name) throws IOException {
    Path file = directory.resolve(name + ".json").normalize();
    if (!file.startsWith(directory) || !Files.isRegularFile(file)) {
      respond(exchange, 404, "{\"errors\":[]}");
      return;
    }
    long version = Files.getLastModifiedTime(file).toMillis() % 1_000_000_000 / 1_000;
    respond(
        exchange,
        200,
        "{\"data\":{\"data\":"
            + Files.readString(file)
            + ",\"metadata\":{\"version\":"
            + version
            + ",\"deletion_time\":\"\",\"destroyed\":false}}}");
  }

  private static void respond(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
