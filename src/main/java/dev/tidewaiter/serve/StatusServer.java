package dev.tidewaiter.serve;

import dev.tidewaiter.reconcile.DaemonStatus;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The daemon's HTTP server.
///
/// - `GET /livez`: 200, or 503 if the loop hangs and a restart would help
/// - `GET /readyz`: 200, or 503 as long as no declarations are in force
/// - `GET /status`: a [StatusDocument]
///
/// Bounded: 64 connections at a time, see [Connections]; no request body, a first line of at most 4
/// KiB and headers of at most 8 KiB. Of the first line, the headers, the answer and the next
/// request, each may take 10 s.
///
/// Source: [Helidon, server
/// configuration](https://helidon.io/docs/latest/config/io.helidon.webserver.webserver).
public final class StatusServer implements AutoCloseable {
  private static final int CONNECTIONS = 64;
  private static final int LONGEST_FIRST_LINE = 4 << 10;
  private static final int LONGEST_HEADERS = 8 << 10;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration HOW_OFTEN_IT_LOOKS = Duration.ofSeconds(1);

  private final String host;
  private final int port;
  private final BooleanSupplier live;
  private final Supplier<DaemonStatus> status;
  private final ObjectMapper json =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private final WebServer server;

  /// @param port 0 for any that is free
  public StatusServer(String host, int port, BooleanSupplier live, Supplier<DaemonStatus> status) {
    this.host = host;
    this.port = port;
    this.live = live;
    this.status = status;
    this.server =
        WebServer.builder()
            .host(host)
            .port(port)
            .shutdownHook(false)
            .protocolsDiscoverServices(false)
            .addConnectionSelector(new Connections(http(), CONNECTIONS))
            // Those that are being closed count too. Without a file handle it would end listening.
            .maxTcpConnections(2 * CONNECTIONS)
            .maxPayloadSize(0)
            .idleConnectionTimeout(PATIENCE)
            .idleConnectionPeriod(HOW_OFTEN_IT_LOOKS)
            .routing(this::route)
            .build();
  }

  /// Listens from now on.
  ///
  /// @throws IOException if the address is taken, or not one of this machine's
  public void start() throws IOException {
    // The server itself would say so in the log, with a trace, and in an exception of no use.
    try (var probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(host, port));
    }
    server.start();
  }

  /// Where it listens.
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
  }

  private static Http1ConnectionSelector http() {
    return Http1ConnectionSelector.builder()
        .config(
            Http1Config.builder()
                .maxPrologueLength(LONGEST_FIRST_LINE)
                .maxHeadersSize(LONGEST_HEADERS)
                .buildPrototype())
        .build();
  }

  private void route(HttpRouting.Builder routing) {
    routing
        .get("/livez", (_, response) -> answer(response, live.getAsBoolean()))
        .get("/readyz", (_, response) -> answer(response, status.get().isServing()))
        .get("/status", this::status);
  }

  private static void answer(ServerResponse response, boolean well) {
    send(response.status(well ? 200 : 503), "text/plain", well ? "ok\n" : "failed\n");
  }

  private void status(ServerRequest request, ServerResponse response) {
    String text = json.writeValueAsString(StatusDocument.of(status.get()));
    send(response, "application/json", text + "\n");
  }

  private static void send(ServerResponse response, String type, String text) {
    response
        .header(HeaderNames.CONTENT_TYPE, type + "; charset=utf-8")
        .header(HeaderNames.CACHE_CONTROL, "no-store")
        .send(text.getBytes(StandardCharsets.UTF_8));
  }
}
