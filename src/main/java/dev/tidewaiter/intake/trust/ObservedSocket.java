package dev.tidewaiter.intake.trust;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A connection that remembers how the server's answer begins: one that speaks HTTP where TLS was
/// expected says so in its first bytes, and the TLS library only that it did not understand them.
final class ObservedSocket extends Socket {
  private final StringBuilder beginning = new StringBuilder();

  /// Whether the server has answered in HTTP.
  synchronized boolean speaksHttp() {
    return beginning.toString().startsWith("HTTP/");
  }

  /// Whether the server has not answered anything.
  synchronized boolean isSilent() {
    return beginning.isEmpty();
  }

  /// Begins anew, after a proxy has answered.
  synchronized void forget() {
    beginning.setLength(0);
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        int read = super.read();
        if (read >= 0) {
          note(new byte[] {(byte) read}, 0, 1);
        }
        return read;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        note(buffer, offset, read);
        return read;
      }
    };
  }

  private synchronized void note(byte[] buffer, int offset, int length) {
    int wanted = Math.min("HTTP/".length() - beginning.length(), length);
    if (wanted > 0) {
      beginning.append(new String(buffer, offset, wanted, StandardCharsets.ISO_8859_1));
    }
  }
}
