package dev.tidewaiter.source.git;

import java.util.Map;
import java.util.function.IntPredicate;

/// What stands between brackets in a pattern, such as `[a-z_]`, `[!0-9]` or `[[:alpha:]]`, read as
/// [Git](https://github.com/git/git/blob/master/wildmatch.c) does: `]` in the first place is a
/// member; a class that is not known, and brackets without an end, fit nothing.
final class Brackets {
  private static final int NONE = -1;
  private static final Map<String, IntPredicate> CLASSES =
      Map.ofEntries(
          Map.entry("alnum", Character::isLetterOrDigit),
          Map.entry("alpha", Character::isLetter),
          Map.entry("blank", c -> c == ' ' || c == '\t'),
          Map.entry("cntrl", Character::isISOControl),
          Map.entry("digit", c -> '0' <= c && c <= '9'),
          Map.entry("graph", c -> c > ' ' && !Character.isISOControl(c)),
          Map.entry("lower", Character::isLowerCase),
          Map.entry("print", c -> c >= ' ' && !Character.isISOControl(c)),
          Map.entry("punct", c -> c > ' ' && c < 0x7f && !Character.isLetterOrDigit(c)),
          Map.entry("space", Character::isWhitespace),
          Map.entry("upper", Character::isUpperCase),
          Map.entry("xdigit", c -> c < 0x80 && Character.digit(c, 16) >= 0));

  private final String pattern;
  private final char c;
  private final boolean fits;
  private int at;
  private int from = NONE;
  private boolean found;

  /// @param start after the opening bracket
  /// @param c which has to be a member, or with `!` or `^` at the start none
  Brackets(String pattern, int start, char c) {
    this.pattern = pattern;
    this.c = c;
    this.at = start;
    boolean negated = is('!') || is('^');
    if (negated) {
      at++;
    }
    this.fits = reachesEnd() && found != negated;
  }

  boolean fits() {
    return fits;
  }

  /// Where the pattern goes on, if it fits.
  int after() {
    return at + 1;
  }

  private boolean reachesEnd() {
    int first = at;
    while (at < pattern.length()) {
      if (is(']') && at > first) {
        return true;
      }
      int classEnd = pattern.startsWith("[:", at) ? pattern.indexOf(']', at + 2) : NONE;
      boolean isClass = classEnd > at + 2 && pattern.charAt(classEnd - 1) == ':';
      if (!(isClass ? takesClass(classEnd) : takesMember())) {
        return false;
      }
    }
    return false;
  }

  private boolean takesClass(int end) {
    IntPredicate members = CLASSES.get(pattern.substring(at + 2, end - 1));
    if (members == null) {
      return false;
    }
    found |= members.test(c);
    from = NONE;
    at = end + 1;
    return true;
  }

  private boolean takesMember() {
    boolean isRange =
        from != NONE && is('-') && at + 1 < pattern.length() && pattern.charAt(at + 1) != ']';
    if (isRange) {
      at++;
    }
    if (is('\\')) {
      at++;
    }
    if (at == pattern.length()) {
      return false;
    }
    char member = pattern.charAt(at++);
    found |= isRange ? from <= c && c <= member : c == member;
    from = isRange ? NONE : member;
    return true;
  }

  private boolean is(char expected) {
    return at < pattern.length() && pattern.charAt(at) == expected;
  }
}
