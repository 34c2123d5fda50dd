package dev.tidewaiter.target.kubernetes.admission;

import java.util.Collection;
import java.util.SortedMap;
import java.util.stream.Collectors;

/// Values as they are written in CEL.
///
/// Source: [lexis of the language](https://github.com/google/cel-spec/blob/master/doc/langdef.md).
final class Cel {
  private Cel() {}

  /// A string literal. No text can end it: quotes, backslashes and everything that is not printable
  /// ASCII are escaped.
  static String text(String value) {
    var literal = new StringBuilder("'");
    value
        .codePoints()
        .forEach(
            c -> {
              if (c == '\'' || c == '\\') {
                literal.append('\\').appendCodePoint(c);
              } else if (c >= ' ' && c < 0x7f) {
                literal.appendCodePoint(c);
              } else {
                literal.append("\\U%08x".formatted(c));
              }
            });
    return literal.append('\'').toString();
  }

  static String list(Collection<String> values) {
    return values.stream().map(Cel::text).collect(Collectors.joining(", ", "[", "]"));
  }

  static String map(SortedMap<String, String> entries) {
    return entries.entrySet().stream()
        .map(entry -> text(entry.getKey()) + ": " + text(entry.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
