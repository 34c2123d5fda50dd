package dev.tidewaiter.target.host.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a user of the machine can do who finds the port. What podman and skopeo do is in
/// [ContainersHostIT].
class TrialRegistryTest {
  private static final String BLOB = "/none/blobs/sha256:00";
  private static final String MANIFEST = "/none/manifests/1";
  private static final int LIMIT_MILLIS = (int) Duration.ofSeconds(10).toMillis();

  private final List<Socket> strangers = new ArrayList<>();
  private TrialRegistry registry;
  private int port;
  private String path = "";

  @BeforeEach
  void start() throws Exception {
    registry = TrialRegistry.start();
    String[] location = registry.location().split("[:/]", -1);
    port = Integer.parseInt(location[1]);
    path = "/v2/" + location[2];
  }

  @AfterEach
  void stop() throws Exception {
    registry.close();
    for (Socket stranger : strangers) {
      stranger.close();
    }
  }

  private Socket connect() throws IOException {
    var connection = new Socket();
    strangers.add(connection);
    connection.setSoTimeout(LIMIT_MILLIS);
    connection.connect(
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), LIMIT_MILLIS);
    return connection;
  }

  private static void send(Socket connection, String text) throws IOException {
    connection.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private String get(String what) throws IOException {
    Socket connection = connect();
    send(connection, "GET " + what + " HTTP/1.1\r\nHost: trial\r\n\r\n");
    return new String(connection.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void countsOnlyWhatKnowsItsPath() throws Exception {
    for (String guess : List.of("/v2/proof", "/v2", "/v2/" + "0".repeat(32))) {
      get(guess + MANIFEST);
      get(guess + BLOB);
    }
    assertThat(registry.wasAskedForManifest()).isFalse();
    assertThat(registry.wasAskedForBlob()).isFalse();

    assertThat(get(path + MANIFEST)).startsWith("HTTP/1.1 200 ").contains("\"schemaVersion\":2");
    assertThat(registry.wasAskedForManifest()).isTrue();
    assertThat(get(path + BLOB)).startsWith("HTTP/1.1 404 ");
    assertThat(registry.wasAskedForBlob()).isTrue();
  }

  @Test
  void readsNoEndlessRequest() throws Exception {
    Socket stranger = connect();
    boolean cutOff = false;
    try {
      for (int i = 0; i < 1024; i++) {
        send(stranger, "G".repeat(64 * 1024));
      }
    } catch (SocketException _) {
      cutOff = true;
    }
    assertThat(cutOff).as("before 64 MiB").isTrue();
    assertThat(get(path + BLOB)).isNotEmpty();
  }

  @Test
  void answersBesidesThoseWhoOnlyConnectAndKeepsFewOfThem() throws Exception {
    long start = System.nanoTime();
    for (int i = 0; i < 80; i++) {
      connect();
    }
    assertThat(get(path + BLOB)).startsWith("HTTP/1.1 404 ");
    assertThat(ended(strangers.getFirst())).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
  }

  @Test
  void leavesNobodyConnected() throws Exception {
    Socket stranger = connect();
    send(stranger, "GET /v2/");
    get(path + BLOB);
    registry.close();
    long start = System.nanoTime();
    assertThat(ended(stranger)).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
  }

  private static boolean ended(Socket connection) throws IOException {
    try {
      return connection.getInputStream().read() < 0;
    } catch (SocketException _) {
      return true;
    }
  }
}
