package dev.tidewaiter.target.host.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Answers that a real engine gives only when something is wrong with it.
class LiveEngineTest {
  private static final String ID = "sha256:" + "0123456789abcdef".repeat(4);

  @TempDir private Path directory;

  @Test
  void saysThatItDoesNotKnowWhatAContainerWasMadeOf() throws Exception {
    assertThat(namesWhen("200 OK", "{\"RepoTags\": [\"registry.k8s.io/pause:3.9\"]}"))
        .containsExactly("registry.k8s.io/pause:3.9");
    assertThat(namesWhen("404 Not Found", "{}")).isEmpty();
    assertThatThrownBy(() -> namesWhen("500 Internal Server Error", "{}"))
        .isInstanceOf(IOException.class);
  }

  private List<String> namesWhen(String status, String image) throws Exception {
    Path socket = directory.resolve("docker" + status.charAt(0) + ".sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Thread.ofVirtual().start(() -> serve(server, status, image));
      var engine =
          new LiveEngine(socket, ProcessHandle.current().pid(), new DaemonFlags(List.of()));
      return engine.containers().getFirst().images();
    }
  }

  private static void serve(ServerSocketChannel server, String status, String image) {
    String list = "[{\"Id\": \"c\", \"Image\": \"" + ID + "\", \"Labels\": {}}]";
    try {
      answer(server, "200 OK", list);
      answer(server, status, image);
    } catch (IOException _) {
      // The test has ended.
    }
  }

  private static void answer(ServerSocketChannel server, String status, String body)
      throws IOException {
    try (SocketChannel channel = server.accept()) {
      channel.read(ByteBuffer.allocate(4096));
      String reply = "HTTP/1.0 " + status + "\r\n\r\n" + body;
      channel.write(ByteBuffer.wrap(reply.getBytes(StandardCharsets.UTF_8)));
    }
  }
}
