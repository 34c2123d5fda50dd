package dev.tidewaiter.model;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The IP addresses that begin with the same bits, as CIDR writes them: [RFC 4632,
/// 3.1](https://www.rfc-editor.org/rfc/rfc4632#section-3.1) and [RFC 4291,
/// 2.3](https://www.rfc-editor.org/rfc/rfc4291#section-2.3).
///
/// Read strictly, because it says what is not to be reached: all four numbers, none with a zero
/// before it, which others read as octal; no bits beyond the length, which were meant for something
/// else; no IPv4 in the clothes of IPv6, which would never match.
public final class Network {
  private static final Pattern FORM =
      Pattern.compile("(?<address>[0-9a-fA-F:.]+)/(?<length>[0-9]{1,3})");
  private static final String USUAL =
      "Write a network with its length, such as `10.0.0.0/8` or `fd00::/8`.";

  private final String text;
  private final IpAddress first;
  private final int length;

  private Network(String text, IpAddress first, int length) {
    this.text = text;
    this.first = first;
    this.length = length;
  }

  /// @throws IllegalArgumentException if the text is no network, with a message that says what to
  ///   write
  public static Network parse(String text) {
    mistakeIn(text)
        .ifPresent(
            hint -> {
              throw new IllegalArgumentException(text + " is no network in CIDR form. " + hint);
            });
    return read(text).orElseThrow();
  }

  /// What is wrong with a text as a network, as a hint what to write; empty if nothing is.
  public static Optional<String> mistakeIn(String text) {
    return read(text).map(Network::mistake).orElse(Optional.of(USUAL));
  }

  /// @param address in network order, as `InetAddress.getAddress` has it
  public boolean contains(byte[] address) {
    return address.length * Byte.SIZE == first.width()
        && prefix(first.value()).equals(prefix(new BigInteger(1, address)));
  }

  private static Optional<Network> read(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches()
        ? IpAddress.read(form.group("address"))
            .map(first -> new Network(text, first, Integer.parseInt(form.group("length"))))
        : Optional.empty();
  }

  private Optional<String> mistake() {
    if (first.isMapped()) {
      return Optional.of("Write an IPv4 network in its own form, such as `10.0.0.0/8`.");
    }
    if (length > first.width()) {
      return Optional.of("Write a length of at most " + first.width() + ".");
    }
    return prefix(first.value()).shiftLeft(first.width() - length).equals(first.value())
        ? Optional.empty()
        : Optional.of("Write the first address of the network.");
  }

  private BigInteger prefix(BigInteger address) {
    return address.shiftRight(first.width() - length);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Network network
        && first.equals(network.first)
        && length == network.length;
  }

  @Override
  public int hashCode() {
    return 31 * first.hashCode() + length;
  }

  /// As it was written.
  @Override
  public String toString() {
    return text;
  }
}
