package dev.tidewaiter.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What really happens, in words.
class PlainCauseTest {
  @TempDir private Path directory;

  @Test
  void saysWhyAFileCannotBeUsed() throws IOException {
    Path absent = directory.resolve("absent");
    assertThat(PlainCause.of(catchThrowable(() -> Files.readAllBytes(absent))))
        .isEqualTo("there is no such file or directory");
    Path file = Files.writeString(directory.resolve("file"), "not a directory");
    assertThat(PlainCause.of(catchThrowable(() -> Files.readAllBytes(file.resolve("below")))))
        .isEqualTo("the file system refuses it");
  }

  @Test
  void saysWhyAServerDoesNotAnswer() throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    int port;
    try (var taken = new ServerSocket(0, 1, here)) {
      port = taken.getLocalPort();
      assertThat(PlainCause.of(catchThrowable(() -> new ServerSocket(port, 1, here).close())))
          .startsWith("the address is in use");
    }
    assertThat(PlainCause.of(catchThrowable(() -> new Socket(here, port).close())))
        .isEqualTo("no connection");
  }

  @Test
  void quotesNoMessage() {
    assertThat(PlainCause.of(new IOException("must not be told"))).isEqualTo("IOException");
  }
}
