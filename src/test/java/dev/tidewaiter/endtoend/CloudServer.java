package dev.tidewaiter.endtoend;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.tidewaiter.testbed.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Mints tokens as Amazon and Google do, for whoever asks, and remembers each. The password of the
/// first that a host mints is known beforehand.
///
/// Source: the answers of
/// [ECR](https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html),
/// [ECR
/// Public](https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_GetAuthorizationToken.html)
/// and
/// [Google](https://developers.google.com/identity/protocols/oauth2/service-account#authorizingrequests).
final class CloudServer implements AutoCloseable {
  static final String GOOGLE = "oauth2.googleapis.com";
  static final String ECR = "api.ecr.eu-central-1.amazonaws.com";
  static final String ECR_PUBLIC = "api.ecr-public.us-east-1.amazonaws.com";

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Mint> mints = new CopyOnWriteArrayList<>();
  private volatile Duration life = Duration.ofHours(12);

  /// A token that was handed out.
  ///
  /// @param host of whom
  record Mint(String host, Instant at, String password) {}

  private CloudServer(HttpsServer server) {
    this.server = server;
  }

  static CloudServer start(TestCertificates authority) {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      HttpsServer server = HttpsServer.create(address, 0);
      var certificate = authority.server(GOOGLE, ECR, ECR_PUBLIC);
      server.setHttpsConfigurator(new HttpsConfigurator(certificate.serverContext()));
      var cloud = new CloudServer(server);
      server.setExecutor(cloud.threads);
      server.createContext("/", cloud::answer);
      server.start();
      return cloud;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  /// How long what is minted from now on lives: twelve hours before this is called.
  void setLife(Duration next) {
    life = next;
  }

  /// All that were handed out, the oldest first.
  List<Mint> mints() {
    return List.copyOf(mints);
  }

  /// The password of a host's n-th token, from 1.
  static String password(String host, long number) {
    return "token-" + number + "-of-" + host;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      String host = String.valueOf(exchange.getRequestHeaders().getFirst("Host"));
      byte[] body = answer(host.split(":", 2)[0]).getBytes(StandardCharsets.UTF_8);
      String type = host.equals(GOOGLE) ? "application/json" : "application/x-amz-json-1.1";
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private synchronized String answer(String host) {
    long before = mints.stream().filter(mint -> mint.host().equals(host)).count();
    String password = password(host, before + 1);
    mints.add(new Mint(host, Instant.now(), password));
    return switch (host) {
      case GOOGLE ->
          "{\"access_token\": \"%s\", \"expires_in\": 3599, \"token_type\": \"Bearer\"}"
              .formatted(password);
      case ECR -> "{\"authorizationData\": [%s]}".formatted(authorization(password));
      case ECR_PUBLIC -> "{\"authorizationData\": %s}".formatted(authorization(password));
      default -> throw new IllegalArgumentException("nobody here is " + host);
    };
  }

  private String authorization(String password) {
    byte[] account = ("AWS:" + password).getBytes(StandardCharsets.UTF_8);
    return "{\"authorizationToken\": \"%s\", \"expiresAt\": %d}"
        .formatted(
            Base64.getEncoder().encodeToString(account), Instant.now().plus(life).getEpochSecond());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
