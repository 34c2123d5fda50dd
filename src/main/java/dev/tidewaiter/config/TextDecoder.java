package dev.tidewaiter.config;

import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.Problem;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Bytes to text: UTF-8, with or without a byte order mark, and nothing else.
final class TextDecoder {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private TextDecoder() {}

  /// What became of the bytes.
  sealed interface Decoded {
    record Text(String text) implements Decoded {}

    record NotText(Problem problem) implements Decoded {}
  }

  static Decoded decode(String file, byte[] bytes) {
    if (hasZero(bytes)) {
      return new Decoded.NotText(
          new Problem(
              Place.of(file),
              "The file is not text.",
              "Write YAML as UTF-8, or leave the file out with `.tidewaiterignore`."));
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer text = CharBuffer.allocate(bytes.length + 1);
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, true);
    text.flip();
    if (result.isError()) {
      return new Decoded.NotText(
          new Problem(
              endOf(file, text),
              "A byte here is not UTF-8.",
              "Save the file with UTF-8 encoding."));
    }
    boolean marked = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
    return new Decoded.Text(text.toString().substring(marked ? 1 : 0));
  }

  private static boolean hasZero(byte[] bytes) {
    for (byte b : bytes) {
      if (b == 0) {
        return true;
      }
    }
    return false;
  }

  /// The place after the last character of a text.
  static Place endOf(String file, CharSequence text) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < text.length(); i++) {
      boolean newLine = text.charAt(i) == '\n';
      line += newLine ? 1 : 0;
      column = newLine ? 1 : column + (Character.isLowSurrogate(text.charAt(i)) ? 0 : 1);
    }
    return new Place(file, line, column);
  }
}
