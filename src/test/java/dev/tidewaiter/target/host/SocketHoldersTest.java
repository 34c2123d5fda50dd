package dev.tidewaiter.target.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.Listener;
import dev.tidewaiter.testbed.TestBed;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @Test
  void countsNobodyWhoGaveARelativeName() throws Exception {
    TestBed.requireRoot();
    Path socket = directory.toRealPath().resolve("runtime.sock");
    String relative = socket.toString().substring(1);
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Files.createDirectories(elsewhere.resolve(relative).getParent());
    try (Listener runtime = Listener.Start.in(directory).listen(socket.toString());
        Listener _ = Listener.Start.in(elsewhere).listen(relative)) {
      assertThat(SocketHolders.of(socket).processes()).containsExactly(runtime.pid());
    }
  }

  /// The second is what a set-user-ID program is while it has what its caller opened.
  @ParameterizedTest
  @CsvSource({"65534, 65534", "65534, 0"})
  void countsNoProcessOfAnotherUser(int real, int effective) throws Exception {
    TestBed.requireRoot();
    Path socket = directory.resolve("runtime.sock");
    try (Listener _ =
        Listener.Start.in(directory).listen(socket.toString(), real, effective, effective)) {
      assertThat(SocketHolders.of(socket).processes()).as("alone").isEmpty();
      Files.delete(socket);
      try (Listener runtime = Listener.Start.in(directory).listen(socket.toString())) {
        assertThat(SocketHolders.of(socket).processes()).containsExactly(runtime.pid());
      }
    }
  }

  @Test
  void countsNoProcessThatSeesAnotherFileThere() throws Exception {
    TestBed.requireRoot();
    Path place = Files.createDirectory(directory.resolve("run"));
    Path socket = place.resolve("runtime.sock");
    List<String> container =
        TestBed.inOwnMounts(
            "mount -t tmpfs tmpfs \"$1\" && shift && exec \"$@\"", place.toString());
    try (Listener runtime = Listener.Start.in(directory).listen(socket.toString());
        Listener _ =
            new Listener.Start(container, Listener.interpreter(), directory)
                .listen(socket.toString())) {
      assertThat(SocketHolders.of(socket).processes()).containsExactly(runtime.pid());
    }
  }

  @Test
  void findsWhatWasGivenByTheOtherNameOfRun() throws Exception {
    TestBed.requireRoot();
    Path place = Files.createTempDirectory(Path.of("/run"), "tidewaiter-test");
    Path socket = place.resolve("runtime.sock");
    try (Listener runtime = Listener.Start.in(directory).listen("/var" + socket)) {
      assertThat(SocketHolders.of(socket).processes()).containsExactly(runtime.pid());
    } finally {
      Files.deleteIfExists(socket);
      Files.delete(place);
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
