package dev.tidewaiter.config;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A network in CIDR form, [RFC 4632, 3.1](https://www.rfc-editor.org/rfc/rfc4632#section-3.1) and
/// [RFC 4291, 2.3](https://www.rfc-editor.org/rfc/rfc4291#section-2.3).
///
/// Read strictly, because it says what is not to be reached: all four numbers, none with a zero
/// before it, which others read as octal; no bits beyond the length, which were meant for something
/// else; no IPv4 in the clothes of IPv6, which would never match.
final class NetworkText {
  private static final String NUMBER = "(0|[1-9][0-9]{0,2})";
  private static final Pattern FORM =
      Pattern.compile(
          "(?<four>"
              + NUMBER
              + "(\\."
              + NUMBER
              + "){3})/(?<bits>[0-9]{1,2})"
              + "|(?<six>[0-9a-fA-F:]*:[0-9a-fA-F:.]*)/(?<bits6>[0-9]{1,3})");
  private static final String USUAL =
      "Write a network with its length, such as `10.0.0.0/8` or `fd00::/8`.";

  private NetworkText() {}

  /// What is wrong with a text as a network, as a hint what to write; empty if nothing is.
  static Optional<String> mistakeIn(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.of(USUAL);
    }
    boolean four = form.group("four") != null;
    byte[] address;
    try {
      // Of a literal, nothing is looked up.
      address = InetAddress.ofLiteral(four ? form.group("four") : form.group("six")).getAddress();
    } catch (IllegalArgumentException _) {
      return Optional.of(USUAL);
    }
    if (!four && address.length == 4) {
      return Optional.of("Write an IPv4 network in its own form, such as `10.0.0.0/8`.");
    }
    int bits = Integer.parseInt(form.group(four ? "bits" : "bits6"));
    int all = address.length * Byte.SIZE;
    if (bits > all) {
      return Optional.of("Write a length of at most " + all + ".");
    }
    BigInteger number = new BigInteger(1, address);
    BigInteger first = number.shiftRight(all - bits).shiftLeft(all - bits);
    return number.equals(first)
        ? Optional.empty()
        : Optional.of("Write the first address of the network.");
  }
}
