package dev.tidewaiter.target.host.containerd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Headers of HTTP/2 from a server that was told to keep no table of earlier ones: [RFC
/// 7541](https://www.rfc-editor.org/rfc/rfc7541#section-6).
///
/// Those whose name is in the table of the standard are passed over; gRPC's own are not in it.
final class HeaderBlock {
  private final byte[] bytes;
  private int position;

  private HeaderBlock(byte[] bytes) {
    this.bytes = bytes;
  }

  static Map<String, String> decode(byte[] bytes) throws IOException {
    var headers = new HashMap<String, String>();
    var block = new HeaderBlock(bytes);
    while (block.position < bytes.length) {
      int first = bytes[block.position] & 0xff;
      if ((first & 0x80) != 0) {
        block.integer(7);
      } else if ((first & 0xe0) == 0x20) {
        block.integer(5);
      } else {
        boolean named = block.integer((first & 0x40) != 0 ? 6 : 4) == 0;
        String name = named ? block.text() : "";
        headers.put(name, block.text());
      }
    }
    headers.remove("");
    return headers;
  }

  private int integer(int prefix) throws IOException {
    int most = (1 << prefix) - 1;
    int value = next() & most;
    if (value < most) {
      return value;
    }
    for (int shift = 0; shift <= 21; shift += 7) {
      int more = next();
      value += (more & 0x7f) << shift;
      if ((more & 0x80) == 0) {
        return value;
      }
    }
    throw malformed();
  }

  private int next() throws IOException {
    if (position >= bytes.length) {
      throw malformed();
    }
    return bytes[position++] & 0xff;
  }

  private String text() throws IOException {
    boolean coded = position < bytes.length && (bytes[position] & 0x80) != 0;
    int length = integer(7);
    if (length > bytes.length - position) {
      throw malformed();
    }
    byte[] content = Arrays.copyOfRange(bytes, position, position + length);
    position += length;
    return coded ? HuffmanCode.decode(content) : new String(content, StandardCharsets.UTF_8);
  }

  private static IOException malformed() {
    return new IOException("a malformed header");
  }
}
