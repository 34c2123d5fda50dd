package dev.tidewaiter.target.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketHoldersTest {
  @TempDir private Path directory;

  @Test
  void findsAProcessThatOpensAndClosesFilesAllTheTime() throws Exception {
    Path socket = directory.resolve("busy.sock");
    var busy = new AtomicBoolean(true);
    var opener = new Thread(() -> openAndClose(busy));
    opener.start();
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      for (int i = 0; i < 50; i++) {
        assertThat(SocketHolders.of(socket).processes())
            .containsExactly(ProcessHandle.current().pid());
      }
    } finally {
      busy.set(false);
      opener.join();
    }
  }

  private void openAndClose(AtomicBoolean busy) {
    Path file = directory.resolve("file");
    while (busy.get()) {
      try (var _ = Files.newOutputStream(file)) {
        Thread.onSpinWait();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
