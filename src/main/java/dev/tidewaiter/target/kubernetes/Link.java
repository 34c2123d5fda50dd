package dev.tidewaiter.target.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
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

  private Link(Vertx vertx, KubernetesClient client, io.vertx.core.http.HttpClient requests) {
    this.vertx = vertx;
    this.client = client;
    this.exchange = new Exchange(vertx, requests, client.getConfiguration());
    // At its finest level fabric8 would log requests with their bodies.
    this.http = client.getHttpClient().newBuilder().addOrReplaceInterceptor(LOGGING, null).build();
    String url = client.getConfiguration().getMasterUrl();
    this.address = url.endsWith("/") ? url : url + "/";
  }

  /// @throws IOException if a certificate or key cannot be used
  static Link open(Config config) throws IOException {
    config.setAutoConfigure(false);
    config.setUserAgent("tidewaiter/" + version());
    config.setConnectionTimeout((int) CONNECT.toMillis());
    config.setRequestRetryBackoffLimit(0);
    Vertx vertx = Transport.open();
    try {
      var transport = new Transport(vertx);
      KubernetesClient client =
          new KubernetesClientBuilder().withConfig(config).withHttpClientFactory(transport).build();
      return new Link(vertx, client, transport.requests());
    } catch (KubernetesClientException | IllegalArgumentException _) {
      var _ = vertx.close();
      // What they say may quote what could not be read.
      throw new IOException(
          "the client certificate, its key or the CA cannot be used; look at them with openssl");
    }
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
