package dev.tidewaiter.intake.existing;

/// Names that others chose, for a terminal and for a comment in a file.
final class Printable {
  private Printable() {}

  /// Without characters that are not seen: a line break would end a comment.
  static String of(String text) {
    return text.replaceAll("\\p{C}|[\\u2028\\u2029]", "?");
  }
}
