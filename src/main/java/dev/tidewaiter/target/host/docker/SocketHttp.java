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

/// One GET over a Unix socket, which `java.net.http` cannot open.
///
/// HTTP/1.0, so that the body ends with the connection and is never chunked. Not a library, because
/// this is all of the engine's API that is needed.
final class SocketHttp {
  /// `GET /info` of an engine with thousands of containers has some 10 KiB.
  private static final int MAX_BYTES = 1 << 20;

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private SocketHttp() {}

  /// The body of a reply with status 200.
  ///
  /// @throws IOException for any other status, a reply above 1 MiB, or none within ten seconds
  static byte[] get(Path socket, String path) throws IOException {
    String request = "GET " + path + " HTTP/1.0\r\nHost: docker\r\n\r\n";
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      CompletableFuture<Void> alarm =
          CompletableFuture.runAsync(
              () -> close(channel),
              CompletableFuture.delayedExecutor(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
      try {
        channel.connect(UnixDomainSocketAddress.of(socket));
        channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        return body(socket, path, read(channel));
      } catch (AsynchronousCloseException e) {
        throw new IOException(socket + ": GET " + path + " was not answered in time.", e);
      } finally {
        alarm.cancel(false);
      }
    }
  }

  private static String read(SocketChannel channel) throws IOException {
    var reply = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
    while (channel.read(buffer) >= 0) {
      reply.write(buffer.array(), 0, buffer.position());
      buffer.clear();
      if (reply.size() > MAX_BYTES) {
        throw new IOException("the reply is larger than 1 MiB");
      }
    }
    return reply.toString(StandardCharsets.ISO_8859_1);
  }

  private static byte[] body(Path socket, String path, String reply) throws IOException {
    int end = reply.indexOf("\r\n\r\n");
    if (end < 0 || !reply.matches("(?s)HTTP/1\\.[01] 200 .*")) {
      throw new IOException(socket + ": GET " + path + " was not answered with 200.");
    }
    return reply.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException _) {
      // The reader sees it.
    }
  }
}
