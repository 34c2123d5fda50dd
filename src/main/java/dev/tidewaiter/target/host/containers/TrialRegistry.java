package dev.tidewaiter.target.host.containers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/// A registry on a free port of loopback, for the moment of one trial. It has the manifest of every
/// image and no blob: containers/image fetches the manifest, then asks the policy, then fetches the
/// configuration. So whether that is asked for shows what the policy said, and nothing is ever
/// pulled.
///
/// Speaks as much HTTP/1.1 as is needed, without TLS: an insecure registry is asked that way after
/// it did not answer a handshake.
///
/// Source: `copy.Image` in containers/image, and the [distribution
/// specification](https://github.com/opencontainers/distribution-spec/blob/main/spec.md).
final class TrialRegistry implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
  private static final String MANIFEST =
      "{\"schemaVersion\":2,\"mediaType\":\""
          + MANIFEST_TYPE
          + "\",\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"size\":2,"
          + "\"digest\":\"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\"},"
          + "\"layers\":[]}";

  private final ServerSocket socket;
  private final AtomicBoolean manifest = new AtomicBoolean();
  private final AtomicBoolean blob = new AtomicBoolean();

  private TrialRegistry(ServerSocket socket) {
    this.socket = socket;
  }

  static TrialRegistry start() throws IOException {
    var registry = new TrialRegistry(new ServerSocket(0, 8, InetAddress.ofLiteral("127.0.0.1")));
    Thread.ofVirtual().name("trial registry").start(registry::serve);
    return registry;
  }

  int port() {
    return socket.getLocalPort();
  }

  boolean wasAskedForManifest() {
    return manifest.get();
  }

  boolean wasAskedForBlob() {
    return blob.get();
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket connection = socket.accept()) {
        connection.setSoTimeout(TIMEOUT_MILLIS);
        answer(connection);
      } catch (IOException _) {
        // It was closed, or somebody does not speak HTTP: a handshake of TLS.
      }
    }
  }

  private void answer(Socket connection) throws IOException {
    var reader =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
    String request = reader.readLine();
    if (request == null || !request.matches("(GET|HEAD) /[!-~]* HTTP/1\\.1")) {
      return;
    }
    for (String line = reader.readLine(); line != null && !line.isEmpty(); ) {
      line = reader.readLine();
    }
    boolean head = request.toUpperCase(Locale.ROOT).startsWith("HEAD");
    String response;
    if (request.contains("/manifests/")) {
      manifest.set(true);
      response = response("200 OK", MANIFEST_TYPE, MANIFEST, head);
    } else if (request.contains("/blobs/")) {
      blob.set(true);
      response = response("404 Not Found", "application/json", "{}", head);
    } else {
      response = response("200 OK", "application/json", "{}", head);
    }
    OutputStream stream = connection.getOutputStream();
    stream.write(response.getBytes(StandardCharsets.ISO_8859_1));
    stream.flush();
  }

  private static String response(String status, String type, String body, boolean head) {
    return "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
        .formatted(status, type, body.length(), head ? "" : body);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
