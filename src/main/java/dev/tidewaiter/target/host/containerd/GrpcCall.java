package dev.tidewaiter.target.host.containerd;

import dev.tidewaiter.model.FileContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// One call of [gRPC](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md) on a unix
/// socket, on a connection of its own: the few frames of
/// [HTTP/2](https://www.rfc-editor.org/rfc/rfc9113) that one request and its reply need, because
/// the JDK's client knows no unix sockets.
final class GrpcCall {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_BYTES = 16 << 20;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;

  private static final int END_STREAM = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;
  private static final int PADDED = 8;
  private static final int PRIORITY = 32;

  private final SocketChannel channel;
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private final ByteArrayOutputStream block = new ByteArrayOutputStream();
  private final Map<String, String> headers = new HashMap<>();

  private GrpcCall(SocketChannel channel) {
    this.channel = channel;
  }

  /// @param status of gRPC: 0 if it did what it should
  /// @param message why not; for us alone
  /// @param content empty if it did not
  record Reply(int status, String message, FileContent content) {}

  /// @param method `/package.Service/Method`
  /// @throws IOException if there is no answer in time
  static Reply call(Path socket, String method, byte[] request, Duration limit) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      CompletableFuture<?> alarm =
          CompletableFuture.runAsync(
              () -> close(channel),
              CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS));
      try {
        channel.connect(UnixDomainSocketAddress.of(socket));
        var call = new GrpcCall(channel);
        call.send(method, request);
        return call.reply();
      } finally {
        alarm.cancel(false);
      }
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException _) {
      // What waits for it fails all the same.
    }
  }

  private void send(String method, byte[] request) throws IOException {
    var out = new ByteArrayOutputStream();
    out.writeBytes(PREFACE);
    // SETTINGS_HEADER_TABLE_SIZE, SETTINGS_INITIAL_WINDOW_SIZE
    ByteBuffer settings = ByteBuffer.allocate(12);
    settings.putShort((short) 1).putInt(0).putShort((short) 4).putInt(MAX_BYTES);
    frame(out, SETTINGS, 0, 0, settings.array());
    frame(out, WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(MAX_BYTES).array());
    frame(out, HEADERS, END_HEADERS, 1, requestHeaders(method));
    ByteBuffer message = ByteBuffer.allocate(5 + request.length);
    message.put((byte) 0).putInt(request.length).put(request);
    frame(out, DATA, END_STREAM, 1, message.array());
    write(out.toByteArray());
  }

  // The numbers are those of the table of RFC 7541: :method POST, :scheme http, :path, :authority,
  // content-type; then a name of its own.
  private static byte[] requestHeaders(String method) {
    var out = new ByteArrayOutputStream();
    out.write(0x83);
    out.write(0x86);
    out.write(0x04);
    text(out, method);
    out.write(0x01);
    text(out, "localhost");
    out.write(0x0f);
    out.write(0x10);
    text(out, "application/grpc");
    out.write(0x00);
    text(out, "te");
    text(out, "trailers");
    return out.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length >= 127) {
      throw new IllegalArgumentException(text);
    }
    out.write(bytes.length);
    out.writeBytes(bytes);
  }

  private static void frame(
      ByteArrayOutputStream out, int type, int flags, int stream, byte[] content) {
    ByteBuffer head = ByteBuffer.allocate(9);
    head.put((byte) (content.length >> 16)).putShort((short) content.length);
    head.put((byte) type).put((byte) flags).putInt(stream);
    out.writeBytes(head.array());
    out.writeBytes(content);
  }

  private void acknowledge(int type, byte[] content) throws IOException {
    var out = new ByteArrayOutputStream();
    frame(out, type, ACK, 0, content);
    write(out.toByteArray());
  }

  private void write(byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private Reply reply() throws IOException {
    boolean ended = false;
    while (!ended || block.size() > 0) {
      ByteBuffer head = read(9);
      int length = ((head.get() & 0xff) << 16) | (head.getShort() & 0xffff);
      int type = head.get();
      int flags = head.get();
      if (length + data.size() > MAX_BYTES) {
        throw new IOException("a reply that is too large");
      }
      byte[] content = read(length).array();
      switch (type) {
        case DATA -> data.writeBytes(payload(content, flags, 0));
        case HEADERS -> block.writeBytes(payload(content, flags, (flags & PRIORITY) == 0 ? 0 : 5));
        case CONTINUATION -> block.writeBytes(content);
        case SETTINGS -> acknowledgeUnlessAck(SETTINGS, flags, new byte[0]);
        case PING -> acknowledgeUnlessAck(PING, flags, content);
        case RST_STREAM, GOAWAY -> throw new IOException("the call was ended");
        default -> {}
      }
      ended |= (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
      if ((type == HEADERS || type == CONTINUATION) && (flags & END_HEADERS) != 0) {
        headers.putAll(HeaderBlock.decode(block.toByteArray()));
        block.reset();
      }
    }
    return reply(headers.getOrDefault("grpc-status", ""));
  }

  private void acknowledgeUnlessAck(int type, int flags, byte[] content) throws IOException {
    if ((flags & ACK) == 0) {
      acknowledge(type, content);
    }
  }

  private static byte[] payload(byte[] content, int flags, int skipped) {
    int start = skipped + ((flags & PADDED) == 0 ? 0 : 1);
    int padding = (flags & PADDED) == 0 ? 0 : content[0] & 0xff;
    int length = Math.max(0, content.length - start - padding);
    var payload = new byte[length];
    System.arraycopy(content, start, payload, 0, length);
    return payload;
  }

  private Reply reply(String status) throws IOException {
    if (!status.matches("\\d{1,3}")) {
      throw new IOException("a reply without a status");
    }
    byte[] message = data.toByteArray();
    int length = Math.max(0, message.length - 5);
    var content = new byte[length];
    System.arraycopy(message, message.length - length, content, 0, length);
    return new Reply(
        Integer.parseInt(status),
        headers.getOrDefault("grpc-message", ""),
        FileContent.of(content));
  }

  private ByteBuffer read(int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new IOException("the connection was closed");
      }
    }
    return buffer.flip();
  }
}
