package dev.tidewaiter.cli;

import java.util.Locale;

/// In which form a command prints a result that has no Markdown one.
enum DocumentFormat {
  /// For people.
  TEXT,
  /// For programs.
  JSON,
  /// For programs and people; the same document as JSON.
  YAML;

  /// As it is written on the command line.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
