package dev.tidewaiter.target.host.containerd;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Messages of [Protocol Buffers](https://protobuf.dev/programming-guides/encoding/), as far as
/// strings and messages go; all other fields are passed over.
final class Protobuf {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private Protobuf() {}

  /// A message with one field, to be joined with others.
  static byte[] field(int number, byte[] content) {
    var out = new ByteArrayOutputStream();
    writeVarint(out, (number << 3) | BYTES);
    writeVarint(out, content.length);
    out.writeBytes(content);
    return out.toByteArray();
  }

  static byte[] field(int number, String text) {
    return field(number, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] join(byte[]... fields) {
    var out = new ByteArrayOutputStream();
    for (byte[] field : fields) {
      out.writeBytes(field);
    }
    return out.toByteArray();
  }

  private static void writeVarint(ByteArrayOutputStream out, int value) {
    int rest = value;
    while (rest >= 0x80) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }

  /// Each occurrence of a field that is a string or a message.
  ///
  /// @throws IOException if it is no message
  static List<byte[]> all(byte[] message, int number) throws IOException {
    var found = new ArrayList<byte[]>();
    var reader = new Reader(message);
    while (reader.position < message.length) {
      long tag = reader.varint();
      switch ((int) (tag & 7)) {
        case VARINT -> reader.varint();
        case FIXED64 -> reader.take(8);
        case FIXED32 -> reader.take(4);
        case BYTES -> {
          byte[] content = reader.take(reader.varint());
          if (tag >>> 3 == number) {
            found.add(content);
          }
        }
        default -> throw malformed();
      }
    }
    return found;
  }

  static List<String> texts(byte[] message, int number) throws IOException {
    return all(message, number).stream()
        .map(text -> new String(text, StandardCharsets.UTF_8))
        .toList();
  }

  private static IOException malformed() {
    return new IOException("a malformed message");
  }

  private static final class Reader {
    private final byte[] bytes;
    private int position;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    long varint() throws IOException {
      long value = 0;
      for (int shift = 0; shift < 64 && position < bytes.length; shift += 7) {
        byte next = bytes[position++];
        value |= (long) (next & 0x7f) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw malformed();
    }

    byte[] take(long length) throws IOException {
      if (length < 0 || length > bytes.length - position) {
        throw malformed();
      }
      int start = position;
      position += (int) length;
      return Arrays.copyOfRange(bytes, start, position);
    }
  }
}
