package dev.tidewaiter.sandbox;

import dev.tidewaiter.testbed.TestCertificates;
import dev.tidewaiter.testbed.TestCertificates.Issued;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.vertx.HttpServerRequestHandler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/// The sandbox's Kubernetes API: fabric8's CRUD mock, with the namespaces that `sample-config`
/// selects and some that it does not.
///
/// It is spoken to as a real one is, by TLS and HTTP/2, which fabric8's own `MockWebServer` does
/// not offer. No controller and no kubelet runs behind it, and what it holds is gone when it stops.
final class ClusterStandIn implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  private final Vertx vertx;
  private final int port;
  private final String authority;

  private ClusterStandIn(Vertx vertx, int port, String authority) {
    this.vertx = vertx;
    this.port = port;
    this.authority = authority;
  }

  /// @param directory for certificates
  /// @param further namespaces
  static ClusterStandIn start(Path directory, List<String> further) throws IOException {
    var dispatcher = new ClusterDispatcher();
    dispatcher.createNamespace("kube-system", "{}");
    dispatcher.createNamespace("tidewaiter-system", "{}");
    dispatcher.createNamespace("shop", "{}");
    dispatcher.createNamespace("payments-api", "{\"team\": \"payments\"}");
    dispatcher.createNamespace("payments-worker", "{\"team\": \"payments\"}");
    // Excluded by name, although its label is selected.
    dispatcher.createNamespace("payments-sandbox", "{\"team\": \"payments\"}");
    dispatcher.createNamespace("stock", "{\"team\": \"logistics\"}");
    further.forEach(name -> dispatcher.createNamespace(name, "{}"));
    var certificates = TestCertificates.lasting(OutsideStandIn.CERTIFIED, directory);
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    HttpServer server =
        vertx
            .createHttpServer(options(certificates.server(HOST)))
            .requestHandler(answering(vertx, dispatcher))
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    return new ClusterStandIn(vertx, server.actualPort(), Files.readString(certificates.ca()));
  }

  private static HttpServerOptions options(Issued certificate) {
    return new HttpServerOptions()
        .setHost(HOST)
        .setPort(0)
        .setSsl(true)
        .setUseAlpn(true)
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .setCertPath(certificate.certificate().toString())
                .setKeyPath(certificate.key().toString()));
  }

  private static HttpServerRequestHandler answering(Vertx vertx, Dispatcher dispatcher) {
    return new HttpServerRequestHandler(vertx) {
      @Override
      protected MockResponse onHttpRequest(RecordedRequest request) {
        return dispatcher.dispatch(request);
      }
    };
  }

  URI address() {
    return URI.create("https://" + HOST + ":" + port);
  }

  /// The certificate of the authority that vouches for it, as PEM.
  String authority() {
    return authority;
  }

  /// YAML is a superset of JSON, so every client takes it.
  String kubeconfig() {
    return """
    apiVersion: v1
    kind: Config
    current-context: sandbox
    contexts: [{name: sandbox, context: {cluster: sandbox, user: sandbox}}]
    clusters: [{name: sandbox, cluster: {server: "%s", certificate-authority-data: %s}}]
    users: [{name: sandbox, user: {}}]
    """
        .formatted(
            address(),
            Base64.getEncoder().encodeToString(authority.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
