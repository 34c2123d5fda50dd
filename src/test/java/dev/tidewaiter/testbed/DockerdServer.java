package dev.tidewaiter.testbed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A dockerd that listens on `/var/run/docker.sock` and reads `/etc/docker`: only inside an
/// [IsolatedJvm], where both are its own.
public final class DockerdServer implements AutoCloseable {
  public static final Path SOCKET = Path.of("/var/run/docker.sock");

  private final ServerProcess process;

  private DockerdServer(ServerProcess process) {
    this.process = process;
  }

  /// Starts it with its data beneath `directory`, without a network of its own.
  public static DockerdServer start(Path dockerd, Path directory, List<String> flags) {
    var command = new ArrayList<String>();
    command.add(dockerd.toString());
    command.addAll(List.of("--data-root", directory.resolve("data").toString()));
    command.addAll(List.of("--exec-root", directory.resolve("exec").toString()));
    command.addAll(List.of("--pidfile", directory.resolve("dockerd.pid").toString()));
    command.addAll(List.of("--iptables=false", "--ip6tables=false", "--bridge=none"));
    command.addAll(flags);
    var builder = new ProcessBuilder(command);
    // The packaged client speaks 1.41, which a new engine refuses by itself.
    builder.environment().put("DOCKER_MIN_API_VERSION", "1.41");
    // A built engine takes the containerd that was built with it.
    builder.environment().merge("PATH", "", (path, _) -> dockerd.getParent() + ":" + path);
    var server = ServerProcess.start(dockerd.toString(), builder, directory.resolve("dockerd.log"));
    server.awaitReady(Duration.ofSeconds(60), () -> answers("/_ping"));
    return new DockerdServer(server);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public String log() {
    return process.tail();
  }

  /// The reply to `GET /info`.
  public String info() {
    return request("GET", "/info");
  }

  /// Pulls, and forgets the image.
  ///
  /// @return whether it came
  public boolean pulls(String image, String tag) {
    String reply = pull(image, tag);
    boolean came = reply.matches("(?s)HTTP/1.. 200 .*") && !reply.contains("\"error");
    if (came) {
      forget(image + ":" + tag);
    }
    return came;
  }

  /// Removes an image.
  public void forget(String image) {
    request("DELETE", "/images/" + image + "?force=true");
  }

  /// What the engine answers to a pull.
  public String pull(String image, String tag) {
    return request("POST", "/images/create?fromImage=" + image + "&tag=" + tag);
  }

  /// Whether it refuses to look for an image at all.
  public boolean denies(String image, String tag) {
    return pull(image, tag).contains("no resolve hosts");
  }

  /// Creates a container that never runs.
  ///
  /// @return its id
  public String create(String image, String label, String value) {
    String body =
        "{\"Image\": \"%s\", \"Cmd\": [\"none\"], \"Labels\": {\"%s\": \"%s\"}}"
            .formatted(image, label, value);
    String reply = request("POST", "/containers/create", body);
    int start = reply.indexOf("\"Id\":\"");
    if (start < 0) {
      throw new IllegalStateException(reply);
    }
    return reply.substring(start + 6, start + 70);
  }

  /// Removes a container, and the image that it was created from.
  public void remove(String container, String image) {
    request("DELETE", "/containers/" + container);
    forget(image);
  }

  private static boolean answers(String path) {
    try {
      return request("GET", path).matches("(?s)HTTP/1.. 200 .*");
    } catch (UncheckedIOException _) {
      return false;
    }
  }

  private static String request(String method, String path) {
    return request(method, path, "");
  }

  // HTTP/1.0: the body ends with the connection.
  private static String request(String method, String path, String body) {
    String head =
        "%s %s HTTP/1.0\r\nHost: docker\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(method, path, body.length(), body);
    var reply = new ByteArrayOutputStream();
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(SOCKET));
      channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer buffer = ByteBuffer.allocate(8192);
      while (channel.read(buffer) >= 0) {
        reply.write(buffer.array(), 0, buffer.position());
        buffer.clear();
      }
      return reply.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    }
  }

  @Override
  public void close() {
    process.close();
    try {
      Files.deleteIfExists(SOCKET);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
