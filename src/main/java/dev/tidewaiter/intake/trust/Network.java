package dev.tidewaiter.intake.trust;

import java.net.InetAddress;

/// A range of IP addresses, as CIDR writes it.
///
/// @param bits how many leading bits its addresses share
record Network(InetAddress prefix, int bits) {
  /// @throws IllegalArgumentException if it is not an address with a length
  static Network parse(String cidr) {
    int slash = cidr.indexOf('/');
    InetAddress prefix = InetAddress.ofLiteral(slash < 0 ? cidr : cidr.substring(0, slash));
    int all = prefix.getAddress().length * Byte.SIZE;
    int bits = slash < 0 ? all : Integer.parseInt(cidr.substring(slash + 1));
    if (bits < 0 || bits > all) {
      throw new IllegalArgumentException(cidr + " has no length from 0 to " + all);
    }
    return new Network(prefix, bits);
  }

  boolean contains(InetAddress address) {
    byte[] ours = prefix.getAddress();
    byte[] theirs = address.getAddress();
    if (ours.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % Byte.SIZE);
      if (((ours[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }
}
