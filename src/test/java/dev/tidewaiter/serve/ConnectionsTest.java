package dev.tidewaiter.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.reconcile.DaemonStatus;
import dev.tidewaiter.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The limits of the daemon's HTTP server, against sockets that mean it no good.
class ConnectionsTest {
  private static final String REQUEST = "GET /livez HTTP/1.1\r\nHost: localhost\r\n";
  private static final Duration SOON = Duration.ofSeconds(5);

  /// Ten seconds, the next look, and what a slow machine needs.
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /// More than the buffers of a socket take.
  private static final int LARGE = 16 << 20;

  private final DaemonStatus status =
      new DaemonStatus("a".repeat(LARGE), null, List.of(), null, List.of());
  private final StatusServer server = new StatusServer("127.0.0.1", 0, () -> true, () -> status);
  private final List<SocketChannel> sockets = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server.start();
  }

  @AfterEach
  void stop() throws IOException {
    for (SocketChannel socket : sockets) {
      socket.close();
    }
    server.close();
  }

  @Test
  void livenessIsAnsweredWhileOthersTakeEveryConnection() throws IOException {
    takeEveryConnection();
    assertThat(answer(open(REQUEST + "\r\n"))).isEqualTo("200");
    Await.until(SOON, () -> assertThat(stillOpen()).as("one had to go for it").isEqualTo(64));
  }

  @Test
  void nobodyTakesTheConnectionOfAnother() throws IOException {
    SocketChannel other = openFrom("127.0.0.2", REQUEST + "X-Half: ");
    takeEveryConnection();
    other.write(ascii("x\r\n\r\n"));
    assertThat(answer(other)).as("to the oldest of all").isEqualTo("200");
  }

  @Test
  void nobodyHoldsAConnection() throws IOException {
    Map<String, SocketChannel> silent =
        Map.of(
            "nothing", open(""),
            "half a line", open("GET /live"),
            "half a header", open(REQUEST + "X-Half: "),
            "half a body", open(REQUEST + "Transfer-Encoding: chunked\r\n\r\n10\r\nhalf"),
            "no second request", open(REQUEST + "\r\n"));
    // These have something to read, or must be seen to write on.
    Map<String, SocketChannel> writing =
        Map.of(
            "a dripping line", open("GET /livez?"),
            "a dripping header", open(REQUEST + "X-Half: "),
            "an unread answer", open(REQUEST.replace("livez", "status") + "\r\n"));
    var held = new TreeSet<String>();
    held.addAll(silent.keySet());
    held.addAll(writing.keySet());
    Await.until(
        PATIENCE,
        () -> {
          held.removeIf(what -> silent.containsKey(what) && !isOpen(silent.get(what)));
          held.removeIf(what -> writing.containsKey(what) && !takesAByte(writing.get(what)));
          assertThat(held).isEmpty();
        });
  }

  @ParameterizedTest
  @CsvSource({"3000, 7000, 200", "5000, 7000, 414", "3000, 9000, 400"})
  void longLinesAndHeadersAreRefused(int line, int header, String number) throws IOException {
    String request =
        "GET /livez?%s HTTP/1.1\r\nHost: localhost\r\nX-Long: %s\r\n\r\n"
            .formatted("a".repeat(line), "a".repeat(header));
    String answer = answer(open(request));
    // What it does not read lets the system drop the answer with the connection.
    assertThat(answer).isIn(number.equals("200") ? List.of(number) : List.of(number, "none"));
  }

  @Test
  void aBodyIsRefused() throws IOException {
    assertThat(answer(open(REQUEST + "Content-Length: 1\r\n\r\n"))).isEqualTo("413");
  }

  /// The number of the answer; `none` if the connection is closed without one.
  private static String answer(SocketChannel socket) {
    var answer = ByteBuffer.allocate("HTTP/1.1 200".length());
    Await.untilTrue(SOON, "no answer", () -> !answer.hasRemaining() || !isOpen(socket, answer));
    String text = new String(answer.array(), StandardCharsets.US_ASCII);
    return answer.hasRemaining() ? "none" : text.substring("HTTP/1.1 ".length());
  }

  private void takeEveryConnection() throws IOException {
    for (int i = 0; i < 200; i++) {
      open(REQUEST + "X-Half: ");
    }
    Await.until(SOON, () -> assertThat(stillOpen()).isEqualTo(64));
  }

  private long stillOpen() {
    return sockets.stream().filter(ConnectionsTest::isOpen).count();
  }

  private SocketChannel open(String text) throws IOException {
    return openFrom("127.0.0.1", text);
  }

  private SocketChannel openFrom(String address, String text) throws IOException {
    SocketChannel socket = SocketChannel.open();
    sockets.add(socket);
    socket.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
    socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), server.port()));
    socket.write(ascii(text));
    socket.configureBlocking(false);
    return socket;
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static boolean isOpen(SocketChannel socket) {
    return isOpen(socket, ByteBuffer.allocate(1024));
  }

  private static boolean isOpen(SocketChannel socket, ByteBuffer read) {
    try {
      return socket.read(read) >= 0;
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean takesAByte(SocketChannel socket) {
    try {
      return socket.write(ascii("a")) >= 0;
    } catch (IOException _) {
      return false;
    }
  }
}
