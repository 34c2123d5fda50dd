package dev.tidewaiter.target.host.containers;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Deque;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A registry on a free port of loopback, for the moment of one trial. It has the manifest of every
/// image and no blob: containers/image fetches the manifest, then asks the policy, then fetches the
/// configuration. So whether that is asked for shows what the policy said, and nothing is ever
/// pulled.
///
/// Every user of the machine can connect to it, so a request counts only beneath a path that nobody
/// can guess; and when many connections are open, the oldest is closed for a new one, because who
/// is meant asks at once.
///
/// Speaks as much HTTP/1.1 as is needed, without TLS: an insecure registry is asked that way after
/// it did not answer a handshake.
///
/// Source: `copy.Image` in containers/image, and the [distribution
/// specification](https://github.com/opencontainers/distribution-spec/blob/main/spec.md).
final class TrialRegistry implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final int MAX_OPEN = 64;
  private static final int MAX_HEAD = 8 * 1024;
  private static final Pattern REQUEST =
      Pattern.compile("(GET|HEAD) (/[!-~]*) HTTP/1\\.1\r\n.*", Pattern.DOTALL);
  private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
  private static final String MANIFEST =
      "{\"schemaVersion\":2,\"mediaType\":\""
          + MANIFEST_TYPE
          + "\",\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"size\":2,"
          + "\"digest\":\"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\"},"
          + "\"layers\":[]}";

  private final ServerSocket socket;
  private final String word = word();
  private final Deque<Socket> open = new ConcurrentLinkedDeque<>();
  private final AtomicBoolean manifest = new AtomicBoolean();
  private final AtomicBoolean blob = new AtomicBoolean();

  private TrialRegistry(ServerSocket socket) {
    this.socket = socket;
  }

  static TrialRegistry start() throws IOException {
    var registry =
        new TrialRegistry(new ServerSocket(0, MAX_OPEN, InetAddress.ofLiteral("127.0.0.1")));
    Thread.ofVirtual().name("trial registry").start(registry::accept);
    return registry;
  }

  private static String word() {
    var bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /// `host:port/path`; only requests beneath it count. Not to be shown to other users, as a
  /// program's arguments are.
  String location() {
    return "127.0.0.1:" + socket.getLocalPort() + "/" + word;
  }

  boolean wasAskedForManifest() {
    return manifest.get();
  }

  boolean wasAskedForBlob() {
    return blob.get();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        open.addLast(connection);
        if (open.size() > MAX_OPEN) {
          close(open.pollFirst());
        }
        Thread.ofVirtual().name("trial connection").start(() -> serve(connection));
      } catch (IOException _) {
        // It was closed.
      }
    }
    closeAll();
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setSoTimeout(TIMEOUT_MILLIS);
      answer(connection);
    } catch (IOException _) {
      // It was closed, or somebody does not speak HTTP: a handshake of TLS.
    } finally {
      open.remove(connection);
    }
  }

  private void answer(Socket connection) throws IOException {
    Matcher request = REQUEST.matcher(head(new BufferedInputStream(connection.getInputStream())));
    if (!request.matches()) {
      return;
    }
    boolean head = request.group(1).equals("HEAD");
    String path = request.group(2);
    boolean counts = path.startsWith("/v2/" + word + "/");
    String response;
    if (counts && path.contains("/manifests/")) {
      manifest.set(true);
      response = response("200 OK", MANIFEST_TYPE, MANIFEST, head);
    } else if (counts && path.contains("/blobs/")) {
      blob.set(true);
      response = response("404 Not Found", "application/json", "{}", head);
    } else {
      response = response("200 OK", "application/json", "{}", head);
    }
    OutputStream stream = connection.getOutputStream();
    stream.write(response.getBytes(StandardCharsets.ISO_8859_1));
    stream.flush();
  }

  /// Up to the empty line; what is not HTTP, or too long, is cut off.
  private static String head(InputStream stream) throws IOException {
    var head = new StringBuilder();
    while (head.length() < MAX_HEAD) {
      int next = stream.read();
      boolean begins = !head.isEmpty() || next == 'G' || next == 'H';
      if (next < 0 || !begins) {
        break;
      }
      head.append((char) next);
      if (next == '\n' && head.indexOf("\r\n\r\n", head.length() - 4) >= 0) {
        break;
      }
    }
    return head.toString();
  }

  private static String response(String status, String type, String body, boolean head) {
    return "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
        .formatted(status, type, body.length(), head ? "" : body);
  }

  private static void close(@Nullable Socket connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (IOException _) {
        // It is of no use any more either way.
      }
    }
  }

  private void closeAll() {
    open.forEach(TrialRegistry::close);
  }

  @Override
  public void close() throws IOException {
    socket.close();
    closeAll();
  }
}
