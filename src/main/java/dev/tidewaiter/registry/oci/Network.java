package dev.tidewaiter.registry.oci;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;

/// Addresses that begin with the same bits.
///
/// @param prefix how many bits
public record Network(InetAddress base, int prefix) {

  /// @throws IllegalArgumentException if the text is not of CIDR form, such as `10.0.0.0/8`
  public static Network parse(String text) {
    return read(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    text + ": Write a network in CIDR form, such as `10.0.0.0/8`."));
  }

  private static Optional<Network> read(String text) {
    String[] parts = text.split("/", 2);
    if (parts.length != 2 || !parts[1].matches("[0-9]{1,3}")) {
      return Optional.empty();
    }
    try {
      InetAddress base = InetAddress.ofLiteral(parts[0]);
      int prefix = Integer.parseInt(parts[1]);
      return prefix <= base.getAddress().length * Byte.SIZE
          ? Optional.of(new Network(base, prefix))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  boolean contains(InetAddress address) {
    byte[] own = base.getAddress();
    byte[] other = address.getAddress();
    int rest = own.length * Byte.SIZE - prefix;
    return own.length == other.length
        && new BigInteger(1, own)
            .shiftRight(rest)
            .equals(new BigInteger(1, other).shiftRight(rest));
  }
}
