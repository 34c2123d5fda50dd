package dev.tidewaiter.source.git;

import java.util.List;

/// The patterns of [gitignore](https://git-scm.com/docs/gitignore), matched without backtracking.
///
/// After a mismatch only the last `*` takes one more character, and only the last `**` one more
/// folder: what an earlier one could take instead leads nowhere else. So a match takes at most the
/// product of both lengths in steps. JGit's own patterns become regular expressions, over which
/// whoever writes the pattern decides: a few `*`, or `\(a\+\)\+b?`, keep them busy for years.
final class WildMatch {
  /// The segment of a pattern that stands for any number of folders.
  static final String ANY_FOLDERS = "**";

  private static final int NONE = -1;
  private long steps;

  /// What all matches took together: comparisons of one character, or one folder.
  long steps() {
    return steps;
  }

  /// @param segments of the pattern
  /// @param names of the path; at least one
  boolean path(List<String> segments, String[] names) {
    int segment = 0;
    int name = 0;
    int any = NONE;
    int taken = 0;
    while (name < names.length) {
      steps++;
      if (segment < segments.size() && segments.get(segment).equals(ANY_FOLDERS)) {
        any = segment++;
        taken = name;
        if (segment == segments.size()) {
          return true;
        }
      } else if (segment < segments.size() && name(segments.get(segment), names[name])) {
        segment++;
        name++;
      } else if (any == NONE) {
        return false;
      } else {
        segment = any + 1;
        name = ++taken;
      }
    }
    return segment == segments.size();
  }

  private boolean name(String pattern, String name) {
    int at = 0;
    int next = 0;
    int star = NONE;
    int taken = 0;
    while (next < name.length()) {
      steps++;
      boolean isStar = at < pattern.length() && pattern.charAt(at) == '*';
      int after = isStar ? NONE : afterOne(pattern, at, name.charAt(next));
      if (isStar) {
        star = ++at;
        taken = next;
      } else if (after != NONE) {
        at = after;
        next++;
      } else if (star == NONE) {
        return false;
      } else {
        at = star;
        next = ++taken;
      }
    }
    while (at < pattern.length() && pattern.charAt(at) == '*') {
      at++;
    }
    return at == pattern.length();
  }

  /// @return where the pattern goes on after what takes this one character; `NONE` if it does not
  private int afterOne(String pattern, int at, char c) {
    if (at == pattern.length()) {
      return NONE;
    }
    char first = pattern.charAt(at);
    if (first == '[') {
      var brackets = new Brackets(pattern, at + 1, c);
      steps += brackets.after() - at;
      return brackets.fits() ? brackets.after() : NONE;
    }
    int literal = first == '\\' ? at + 1 : at;
    boolean fits = first == '?' || (literal < pattern.length() && pattern.charAt(literal) == c);
    return fits ? literal + 1 : NONE;
  }
}
