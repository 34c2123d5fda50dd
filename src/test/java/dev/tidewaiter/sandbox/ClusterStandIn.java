package dev.tidewaiter.sandbox;

import io.fabric8.mockwebserver.MockWebServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;

/// The sandbox's Kubernetes API: fabric8's CRUD mock, with the namespaces that `sample-config`
/// selects and some that it does not.
///
/// No controller and no kubelet runs behind it, and what it holds is gone when it stops.
final class ClusterStandIn implements AutoCloseable {
  private final MockWebServer server;

  private ClusterStandIn(MockWebServer server) {
    this.server = server;
  }

  static ClusterStandIn start() throws IOException {
    var dispatcher = new ClusterDispatcher();
    dispatcher.createNamespace("kube-system", "{}");
    dispatcher.createNamespace("tidewaiter-system", "{}");
    dispatcher.createNamespace("shop", "{}");
    dispatcher.createNamespace("payments-api", "{\"team\": \"payments\"}");
    dispatcher.createNamespace("payments-worker", "{\"team\": \"payments\"}");
    // Excluded by name, although its label is selected.
    dispatcher.createNamespace("payments-sandbox", "{\"team\": \"payments\"}");
    dispatcher.createNamespace("stock", "{\"team\": \"logistics\"}");
    dispatcher.createNamespace("sandbox", "{}");
    var server = new MockWebServer();
    server.setDispatcher(dispatcher);
    server.start(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
    return new ClusterStandIn(server);
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getPort());
  }

  /// YAML is a superset of JSON, so every client takes it.
  String kubeconfig() {
    return """
    apiVersion: v1
    kind: Config
    current-context: sandbox
    contexts: [{name: sandbox, context: {cluster: sandbox, user: sandbox}}]
    clusters: [{name: sandbox, cluster: {server: "%s"}}]
    users: [{name: sandbox, user: {}}]
    """
        .formatted(address());
  }

  @Override
  public void close() {
    server.shutdown();
  }
}
