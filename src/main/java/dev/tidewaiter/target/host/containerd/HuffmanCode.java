package dev.tidewaiter.target.host.containerd;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// The code of [RFC 7541](https://www.rfc-editor.org/rfc/rfc7541#appendix-B), in which servers of
/// HTTP/2 send most headers.
///
/// It is canonical: the codes of one length follow each other in the order of their bytes, and go
/// on from those of the length before. So the lengths say all.
final class HuffmanCode {
  /// For each byte from 0 to 255 the number of bits of its code, 5 as `A`.
  private static final String LENGTHS =
      "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHF"
          + "IBCCCCCCCCCCCCCCCCCCCCCCDCDIOIJBKABABABBBACCBBBABCBAABCCCCCKGJIX"
          + "PRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRTQRSSQQRQSRSSPRRRSRRS"
          + "VVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWV";

  private static final int SHORTEST = 5;
  private static final int LONGEST = 30;

  private HuffmanCode() {}

  /// @throws IOException if it ends with more than the padding that is allowed
  static String decode(byte[] bytes) throws IOException {
    var text = new ByteArrayOutputStream();
    int code = 0;
    int length = 0;
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      code = (code << 1) | ((bytes[bit / 8] >> (7 - bit % 8)) & 1);
      length++;
      int symbol = symbol(code, length);
      if (symbol >= 0) {
        text.write(symbol);
        code = 0;
        length = 0;
      } else if (length == LONGEST) {
        throw new IOException("a malformed header");
      }
    }
    if (length > 7 || code != (1 << length) - 1) {
      throw new IOException("a malformed header");
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  // Headers are short and few: the table is walked anew for each code.
  private static int symbol(int wanted, int length) {
    int code = 0;
    for (int bits = SHORTEST; bits <= length; bits++) {
      code <<= 1;
      for (int symbol = 0; symbol < LENGTHS.length(); symbol++) {
        if (LENGTHS.charAt(symbol) - 'A' + SHORTEST == bits) {
          if (bits == length && code == wanted) {
            return symbol;
          }
          code++;
        }
      }
    }
    return -1;
  }
}
