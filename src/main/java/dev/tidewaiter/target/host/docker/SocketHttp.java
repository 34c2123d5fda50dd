package dev.tidewaiter.target.host.docker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Requests without a body over a Unix socket, which `java.net.http` cannot open.
///
/// HTTP/1.0, so that the body ends with the connection and is never chunked. Not a library, because
/// this is all of the engine's API that is needed.
final class SocketHttp {
  /// `GET /info` has some 10 KiB, and each container of `GET /containers/json` about one.
  private static final int MAX_BYTES = 16 << 20;

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3}) ");

  private SocketHttp() {}

  /// What came back.
  ///
  /// @param body may quote registries; looked at and never reported
  record Reply(int status, String body) {}

  /// The body of a reply with status 200.
  ///
  /// @throws IOException for any other status, a reply above 16 MiB, or none within ten seconds
  static String get(Path socket, String path) throws IOException {
    Reply reply = request(socket, "GET", path, LIMIT);
    if (reply.status() != 200) {
      throw new IOException(socket + ": GET " + path + " was not answered with 200.");
    }
    return reply.body();
  }

  /// @param path may have a query, which is encoded
  /// @param limit for the whole reply; the engine gives up what it does when we hang up
  /// @throws IOException if there is no reply, one above 16 MiB, or none within the limit
  static Reply request(Path socket, String method, String path, Duration limit) throws IOException {
    String request = method + " " + path + " HTTP/1.0\r\nHost: docker\r\nContent-Length: 0\r\n\r\n";
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      CompletableFuture<Void> alarm =
          CompletableFuture.runAsync(
              () -> close(channel),
              CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS));
      try {
        channel.connect(UnixDomainSocketAddress.of(socket));
        channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        return parse(socket + ": " + method, read(channel));
      } catch (AsynchronousCloseException e) {
        throw new IOException(socket + ": " + method + " was not answered in time.", e);
      } finally {
        alarm.cancel(false);
      }
    }
  }

  private static byte[] read(SocketChannel channel) throws IOException {
    var reply = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
    while (channel.read(buffer) >= 0) {
      reply.write(buffer.array(), 0, buffer.position());
      buffer.clear();
      if (reply.size() > MAX_BYTES) {
        throw new IOException("the reply is larger than 16 MiB");
      }
    }
    return reply.toByteArray();
  }

  private static Reply parse(String what, byte[] bytes) throws IOException {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    Matcher status = STATUS.matcher(text);
    if (end < 0 || !status.lookingAt()) {
      throw new IOException(what + " was not answered in HTTP.");
    }
    var body = new String(bytes, end + 4, bytes.length - end - 4, StandardCharsets.UTF_8);
    return new Reply(Integer.parseInt(status.group(1)), body);
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException _) {
      // The reader sees it.
    }
  }
}
