package dev.tidewaiter.target.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// One HTTP client for an API server. It ends with the last request that uses it, and takes open
/// watches along, which are then opened with its successor.
final class Link implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /// The name that `StandardHttpClientBuilder` gives it.
  private static final String LOGGING = "HttpLogging";

  private final Vertx vertx;
  private final KubernetesClient client;
  private final HttpClient http;
  private final Exchange exchange;
  private final String address;
  private final AtomicInteger holders = new AtomicInteger(1);

  private Link(Vertx vertx, KubernetesClient client, Exchange exchange) {
    this.vertx = vertx;
    this.client = client;
    this.exchange = exchange;
    // At its finest level fabric8 would log requests with their bodies.
    this.http = client.getHttpClient().newBuilder().addOrReplaceInterceptor(LOGGING, null).build();
    String url = client.getConfiguration().getMasterUrl();
    this.address = url.endsWith("/") ? url : url + "/";
  }

  /// @throws IOException if the address, a certificate or key cannot be used
  static Link open(Config config) throws IOException {
    config.setAutoConfigure(false);
    config.setUserAgent("tidewaiter/" + version());
    config.setConnectionTimeout((int) CONNECT.toMillis());
    config.setRequestRetryBackoffLimit(0);
    URL url = url(config);
    Vertx vertx = Transport.open();
    try {
      var transport = new Transport(vertx, url.getProtocol().equals("https"));
      KubernetesClient client =
          new KubernetesClientBuilder().withConfig(config).withHttpClientFactory(transport).build();
      return new Link(vertx, client, new Exchange(vertx, transport.requests(), config, url));
    } catch (KubernetesClientException | IllegalArgumentException _) {
      var _ = vertx.close();
      // What they say may quote what could not be read.
      throw new IOException(
          "the client certificate, its key or the CA cannot be used; look at them with openssl");
    }
  }

  private static URL url(Config config) throws IOException {
    try {
      URL url = URI.create(config.getMasterUrl()).toURL();
      if (List.of("http", "https").contains(url.getProtocol()) && !url.getHost().isEmpty()) {
        return url;
      }
    } catch (IllegalArgumentException | MalformedURLException _) {
      // It may hold a password.
    }
    throw new IOException("the API server's address is none; write `server: https://host:port`");
  }

  /// For requests.
  Exchange exchange() {
    return exchange;
  }

  /// For watches.
  HttpClient http() {
    return http;
  }

  /// With a slash at its end.
  String address() {
    return address;
  }

  /// Keeps it open for one more user, who closes it once.
  Link hold() {
    holders.incrementAndGet();
    return this;
  }

  @Override
  public void close() {
    if (holders.decrementAndGet() == 0) {
      client.close();
      var _ = vertx.close();
    }
  }

  private static String version() {
    return Optional.ofNullable(Link.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
