package dev.tidewaiter.model;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An IP address, read from a literal: four numbers and dots, or the forms of [RFC 4291,
/// 2.2](https://www.rfc-editor.org/rfc/rfc4291#section-2.2).
///
/// No number has a zero before it, which others read as octal, and there is no zone.
///
/// @param value the address as one number
/// @param width how many bits it has: 32 or 128
record IpAddress(BigInteger value, int width) {
  private static final int GROUPS = 8;
  private static final int GROUP_BITS = 16;
  private static final String NUMBER = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern FOUR = Pattern.compile(NUMBER + "(\\." + NUMBER + "){3}");
  private static final Pattern ENDING = Pattern.compile("(?<head>[^.]*:)(?<four>[0-9]+\\.[0-9.]*)");
  private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");

  /// @return empty if the text is no literal
  static Optional<IpAddress> read(String text) {
    return text.contains(":")
        ? six(text).map(value -> new IpAddress(value, GROUPS * GROUP_BITS))
        : four(text).map(value -> new IpAddress(value, Integer.SIZE));
  }

  /// Whether it is an IPv4 address in the form of an IPv6 one, [RFC 4291,
  /// 2.5.5.2](https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5.2).
  boolean isMapped() {
    return width != Integer.SIZE
        && value.shiftRight(Integer.SIZE).equals(BigInteger.valueOf(0xffff));
  }

  private static Optional<BigInteger> four(String text) {
    return FOUR.matcher(text).matches()
        ? Optional.of(number(List.of(text.split("\\.")), 10, Byte.SIZE))
        : Optional.empty();
  }

  private static Optional<BigInteger> six(String text) {
    Matcher ending = ENDING.matcher(text);
    if (ending.matches()) {
      return four(ending.group("four"))
          .flatMap(value -> sixOfGroups(ending.group("head") + asGroups(value.intValue())));
    }
    return sixOfGroups(text);
  }

  private static String asGroups(int four) {
    return Integer.toHexString(four >>> GROUP_BITS) + ":" + Integer.toHexString(four & 0xffff);
  }

  private static Optional<BigInteger> sixOfGroups(String text) {
    String[] sides = text.split("::", -1);
    var groups = new ArrayList<>(groups(sides[0]));
    if (sides.length == 2) {
      List<String> after = groups(sides[1]);
      // The gap stands for one group at least.
      int gap = Math.max(1, GROUPS - groups.size() - after.size());
      groups.addAll(Collections.nCopies(gap, "0"));
      groups.addAll(after);
    }
    boolean complete =
        sides.length <= 2
            && groups.size() == GROUPS
            && groups.stream().allMatch(group -> GROUP.matcher(group).matches());
    return complete ? Optional.of(number(groups, 16, GROUP_BITS)) : Optional.empty();
  }

  private static List<String> groups(String side) {
    return side.isEmpty() ? List.of() : List.of(side.split(":", -1));
  }

  private static BigInteger number(List<String> digits, int radix, int bits) {
    BigInteger number = BigInteger.ZERO;
    for (String digit : digits) {
      number = number.shiftLeft(bits).or(new BigInteger(digit, radix));
    }
    return number;
  }
}
