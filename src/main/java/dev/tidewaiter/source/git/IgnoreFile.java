package dev.tidewaiter.source.git;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Patterns in the syntax of [gitignore](https://git-scm.com/docs/gitignore), one a line. The last
/// one that fits a path decides.
final class IgnoreFile {
  private final List<Line> lastFirst;
  private final WildMatch match = new WildMatch();

  /// @param takesBack whether what it fits is not ignored
  private record Line(boolean takesBack, boolean foldersOnly, List<String> segments) {}

  private IgnoreFile(List<Line> lastFirst) {
    this.lastFirst = lastFirst;
  }

  static IgnoreFile parse(byte[] content) {
    var lines = new ArrayList<Line>();
    String all = new String(content, StandardCharsets.UTF_8);
    // Git skips a byte order mark.
    for (String text : all.replaceFirst("^\uFEFF", "").split("\r?\n", -1)) {
      Line line = text.startsWith("#") ? null : line(withoutTrailingSpaces(text));
      if (line != null) {
        lines.add(line);
      }
    }
    return new IgnoreFile(lines.reversed());
  }

  /// @param path from the folder of the ignore file; no folder of it is ignored
  boolean ignores(String path, boolean isFolder) {
    String[] names = path.split("/", -1);
    for (Line line : lastFirst) {
      if (match.path(line.segments(), names) && (isFolder || !line.foldersOnly())) {
        return !line.takesBack();
      }
    }
    return false;
  }

  /// What that took so far, as [WildMatch#steps].
  long steps() {
    return match.steps();
  }

  private static @Nullable Line line(String text) {
    boolean takesBack = text.startsWith("!");
    String pattern = takesBack ? text.substring(1) : text;
    boolean foldersOnly = pattern.endsWith("/");
    if (foldersOnly) {
      pattern = pattern.substring(0, pattern.length() - 1);
    }
    if (pattern.isEmpty()) {
      return null;
    }
    if (!pattern.contains("/")) {
      return new Line(takesBack, foldersOnly, List.of(WildMatch.ANY_FOLDERS, pattern));
    }
    String anchored = pattern.startsWith("/") ? pattern.substring(1) : pattern;
    List<String> segments =
        Arrays.stream(anchored.split("/", -1)).map(IgnoreFile::segment).toList();
    return new Line(takesBack, foldersOnly, segments);
  }

  // To Git any number of asterisks, but one, is the same.
  private static String segment(String text) {
    return text.length() > 1 && text.chars().allMatch(c -> c == '*') ? WildMatch.ANY_FOLDERS : text;
  }

  /// A backslash keeps the space after it.
  private static String withoutTrailingSpaces(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == ' ' && !isEscaped(text, end - 1)) {
      end--;
    }
    return text.substring(0, end);
  }

  private static boolean isEscaped(String text, int at) {
    int before = at;
    while (before > 0 && text.charAt(before - 1) == '\\') {
      before--;
    }
    return (at - before) % 2 == 1;
  }
}
