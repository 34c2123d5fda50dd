package dev.tidewaiter.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// An authorization plugin of dockerd that denies requests of a certain word: only inside an
/// [IsolatedJvm], where `/run` is its own.
///
/// Source: [authorization plugins](https://docs.docker.com/engine/extend/plugins_authorization/).
public final class AuthorizationPlugin implements AutoCloseable {
  private static final int MOST = 1 << 20;

  private final Path socket;
  private final ServerSocketChannel server;
  private final String denied;

  private AuthorizationPlugin(Path socket, ServerSocketChannel server, String denied) {
    this.socket = socket;
    this.server = server;
    this.denied = denied;
  }

  /// @param denied a word of the URIs that are denied, with the message `NAME says no`
  public static AuthorizationPlugin denying(String name, String denied) {
    try {
      Path socket = Files.createDirectories(Path.of("/run/docker/plugins")).resolve(name + ".sock");
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket));
      var plugin = new AuthorizationPlugin(socket, server, denied);
      Thread.ofVirtual().start(plugin::serve);
      return plugin;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve() {
    try {
      while (true) {
        SocketChannel channel = server.accept();
        Thread.ofVirtual().start(() -> answer(channel));
      }
    } catch (ClosedChannelException _) {
      // Closed on purpose.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(SocketChannel channel) {
    try (channel) {
      String request = read(channel);
      String body = reply(request);
      String head =
          "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.plugins.v1.2+json\r\n"
              + "Connection: close\r\nContent-Length: %d\r\n\r\n".formatted(body.length());
      channel.write(ByteBuffer.wrap((head + body).getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException _) {
      // The engine hung up.
    }
  }

  private String reply(String request) {
    if (request.contains("/Plugin.Activate")) {
      return "{\"Implements\":[\"authz\"]}";
    }
    return request.contains(denied)
        ? "{\"Allow\":false,\"Msg\":\"guard says no\"}"
        : "{\"Allow\":true}";
  }

  // The URI is near the beginning of the body, whose bytes do not matter otherwise.
  private static String read(SocketChannel channel) throws IOException {
    var bytes = new byte[MOST];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    String text = "";
    while (buffer.hasRemaining() && !isComplete(text) && channel.read(buffer) >= 0) {
      text = new String(bytes, 0, buffer.position(), StandardCharsets.ISO_8859_1);
    }
    return text;
  }

  private static boolean isComplete(String request) {
    int end = request.indexOf("\r\n\r\n");
    String head = end < 0 ? "" : request.substring(0, end).toLowerCase(Locale.ROOT);
    int length = head.indexOf("content-length: ");
    if (length < 0) {
      return end >= 0 && (!head.contains("chunked") || request.endsWith("0\r\n\r\n"));
    }
    int total = Integer.parseInt(head.substring(length + 16).split("\r", 2)[0].strip());
    return request.length() >= end + 4 + total;
  }

  @Override
  public void close() {
    try {
      server.close();
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
