package dev.tidewaiter.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Git's own `http-backend` behind TLS on a free loopback port, for whoever knows the token.
///
/// [Protocol](https://git-scm.com/docs/git-http-backend)
public final class HttpsGitServer implements AutoCloseable {
  public static final String USERNAME = "tidewaiter";

  private final Path root;
  private final String host;
  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile String token;
  private volatile @Nullable URI redirect;
  private volatile int failure;
  private volatile boolean endless;

  private HttpsGitServer(Path root, TestCertificates.Issued certificate, String host, String token)
      throws IOException {
    this.root = root;
    this.host = host;
    this.token = token;
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate.serverContext()));
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /// What was asked.
  ///
  /// @param authorized whether any credential came with it
  public record Request(String method, String path, boolean authorized) {}

  /// Serves the bare repositories beneath `root` as `https://<host>:<port>/<name>`.
  public static HttpsGitServer start(
      Path root, TestCertificates.Issued certificate, String host, String token) {
    try {
      return new HttpsGitServer(root, certificate, host, token);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI url(String repository) {
    return URI.create("https://%s:%d/%s".formatted(host, port(), repository));
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public List<Request> requests() {
    return List.copyOf(requests);
  }

  public void acceptOnly(String other) {
    token = other;
  }

  /// From now on, answers everything with a redirect to the same path there.
  public void redirectTo(URI there) {
    redirect = there;
  }

  /// From now on, comes to no end of any answer, and sends a byte five times a second.
  public void neverEnd() {
    endless = true;
  }

  /// From now on, comes to an end again; an answer that has begun breaks off.
  public void end() {
    endless = false;
  }

  /// From now on, answers everything with a status.
  public void failWith(int status) {
    failure = status;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String authorization = exchange.getRequestHeaders().getFirst("Authorization");
      URI uri = exchange.getRequestURI();
      requests.add(new Request(exchange.getRequestMethod(), uri.getPath(), authorization != null));
      URI elsewhere = redirect;
      if (endless) {
        drip(exchange);
      } else if (failure != 0) {
        exchange.sendResponseHeaders(failure, -1);
      } else if (elsewhere != null) {
        exchange.getResponseHeaders().add("Location", elsewhere.resolve(uri).toString());
        exchange.sendResponseHeaders(302, -1);
      } else if (!expected().equals(authorization)) {
        exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"git\"");
        exchange.sendResponseHeaders(401, -1);
      } else {
        serve(exchange);
      }
    }
  }

  private void drip(HttpExchange exchange) throws IOException {
    exchange
        .getResponseHeaders()
        .add("Content-Type", "application/x-git-upload-pack-advertisement");
    exchange.sendResponseHeaders(200, 1_000_000);
    exchange.getResponseBody().write("001e# service=git-upload-pack\n00000fff".getBytes(UTF_8));
    while (endless) {
      exchange.getResponseBody().write('a');
      exchange.getResponseBody().flush();
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
  }

  private String expected() {
    byte[] login = (USERNAME + ":" + token).getBytes(UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(login);
  }

  private void serve(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    Process backend = backend(exchange, body.length).start();
    try (var input = backend.getOutputStream()) {
      input.write(body);
    }
    byte[] output = backend.getInputStream().readAllBytes();
    var content = new ByteArrayInputStream(output);
    int status = 200;
    for (String line : head(content)) {
      int colon = line.indexOf(':');
      String name = line.substring(0, colon);
      String value = line.substring(colon + 1).strip();
      if ("Status".equals(name)) {
        status = Integer.parseInt(value.substring(0, 3));
      } else {
        exchange.getResponseHeaders().add(name, value);
      }
    }
    exchange.sendResponseHeaders(status, content.available() == 0 ? -1 : content.available());
    content.transferTo(exchange.getResponseBody());
  }

  private ProcessBuilder backend(HttpExchange exchange, int length) {
    var builder =
        new ProcessBuilder(TestBed.installed("/usr/lib/git-core/git-http-backend").toString());
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    var environment = builder.environment();
    environment.clear();
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("HOME", root.toString());
    environment.put("GIT_CONFIG_NOSYSTEM", "1");
    environment.put("GIT_HTTP_EXPORT_ALL", "1");
    environment.put("GIT_PROJECT_ROOT", root.toString());
    environment.put("PATH_INFO", exchange.getRequestURI().getPath());
    environment.put(
        "QUERY_STRING", Objects.requireNonNullElse(exchange.getRequestURI().getQuery(), ""));
    environment.put("REQUEST_METHOD", exchange.getRequestMethod());
    environment.put("CONTENT_LENGTH", "" + length);
    environment.put("REMOTE_USER", USERNAME);
    environment.put("REMOTE_ADDR", "127.0.0.1");
    header(exchange, "Content-Type", "CONTENT_TYPE", environment::put);
    header(exchange, "Content-Encoding", "HTTP_CONTENT_ENCODING", environment::put);
    header(exchange, "Git-Protocol", "GIT_PROTOCOL", environment::put);
    return builder;
  }

  private static void header(
      HttpExchange exchange, String name, String variable, BiConsumer<String, String> put) {
    String value = exchange.getRequestHeaders().getFirst(name);
    if (value != null) {
      put.accept(variable, value);
    }
  }

  private static List<String> head(InputStream output) throws IOException {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (int read = output.read(); read >= 0; read = output.read()) {
      if (read == '\n') {
        if (line.isEmpty()) {
          return lines;
        }
        lines.add(line.toString());
        line.setLength(0);
      } else if (read != '\r') {
        line.append((char) read);
      }
    }
    throw new IOException("git-http-backend ended within its head: " + lines);
  }
}
