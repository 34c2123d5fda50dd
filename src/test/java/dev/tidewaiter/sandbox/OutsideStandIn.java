package dev.tidewaiter.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.tidewaiter.testbed.ConnectProxy;
import dev.tidewaiter.testbed.TestCertificates;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/// All that is outside of this machine, as far as `sample-config` knows it: the registries, AWS and
/// Google. One server on loopback, behind a proxy that leads nowhere else, so that nothing which
/// the sandbox does leaves the machine.
///
/// A registry here takes every password with [#TIDE] in it, and has every image.
///
/// Source: [distribution
/// specification](https://github.com/opencontainers/distribution-spec/blob/main/spec.md).
final class OutsideStandIn implements AutoCloseable {
  static final String TIDE = "tide";

  /// Longer than before anybody is warned.
  static final Duration CERTIFIED = Duration.ofDays(365);

  private static final String OPEN_TO_ALL = "mcr.microsoft.com";

  private static final String[] REGISTRIES = {
    "registry-1.docker.io",
    "docker.io",
    "index.docker.io",
    "quay.io",
    "ghcr.io",
    "registry.gitlab.com",
    "registry.acme.example",
    "acme.jfrog.io",
    "lab.acme.example",
    OPEN_TO_ALL,
    "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
    "210987654321.dkr.ecr.us-east-1.amazonaws.com",
    "public.ecr.aws",
    "europe-west1-docker.pkg.dev",
    "eu.gcr.io",
  };

  private final HttpsServer server;
  private final ConnectProxy proxy;
  private final CloudStandIn clouds = new CloudStandIn();
  private final Path authority;

  private OutsideStandIn(HttpsServer server, Path authority) {
    this.server = server;
    this.authority = authority;
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    this.proxy = ConnectProxy.leadingTo(server.getAddress().getPort());
  }

  /// Starts it, and makes this process trust it and no one else, as its system's trust store would.
  ///
  /// @param directory for certificates
  static OutsideStandIn start(Path directory) throws IOException {
    var certificates = TestCertificates.lasting(CERTIFIED, directory);
    String[] names =
        Stream.concat(Stream.of(REGISTRIES), CloudStandIn.hosts()).toArray(String[]::new);
    var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificates.server(names).serverContext()));
    trust(certificates, directory.resolve("trusted.p12"));
    return new OutsideStandIn(server, certificates.ca());
  }

  private static void trust(TestCertificates certificates, Path file) throws IOException {
    String guard = "of no use to anybody";
    try (OutputStream out = Files.newOutputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("outside", certificates.caCertificate());
      store.store(out, guard.toCharArray());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no key store", e);
    }
    System.setProperty("javax.net.ssl.trustStore", file.toString());
    System.setProperty("javax.net.ssl.trustStorePassword", guard);
    System.setProperty("javax.net.ssl.trustStoreType", "PKCS12");
  }

  /// The one way there.
  URI proxy() {
    return proxy.url();
  }

  /// The certificate of the authority that vouches for all of it, as PEM.
  String authority() throws IOException {
    return Files.readString(authority);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String host = String.valueOf(exchange.getRequestHeaders().getFirst("Host")).split(":", 2)[0];
    if (CloudStandIn.hosts().anyMatch(host::equals)) {
      clouds.answer(host, exchange);
    } else {
      answerAsRegistry(host, exchange);
    }
  }

  private static void answerAsRegistry(String host, HttpExchange exchange) throws IOException {
    try (exchange) {
      var headers = exchange.getResponseHeaders();
      headers.set("Docker-Distribution-Api-Version", "registry/2.0");
      if (!host.equals(OPEN_TO_ALL) && !isKnown(exchange)) {
        headers.set("WWW-Authenticate", "Basic realm=\"" + host + "\"");
        exchange.sendResponseHeaders(401, -1);
      } else {
        if (exchange.getRequestURI().getPath().contains("/manifests/")) {
          headers.set("Docker-Content-Digest", "sha256:" + "7".repeat(64));
        }
        exchange.sendResponseHeaders(200, -1);
      }
    }
  }

  private static boolean isKnown(HttpExchange exchange) {
    String offered = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    if (!offered.startsWith("Basic ")) {
      return false;
    }
    byte[] decoded = Base64.getDecoder().decode(offered.substring("Basic ".length()));
    String account = new String(decoded, StandardCharsets.UTF_8);
    return account.substring(account.indexOf(':') + 1).contains(TIDE);
  }

  @Override
  public void close() {
    proxy.close();
    server.stop(0);
  }
}
