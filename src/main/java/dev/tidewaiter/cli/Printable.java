package dev.tidewaiter.cli;

import java.io.PrintWriter;

/// The result of a command, in each form in which it may be asked for.
interface Printable {
  /// For people.
  void printText(PrintWriter out);

  /// For pull requests.
  void printMarkdown(PrintWriter out);

  /// What programs read, as JSON and as YAML.
  default Object document() {
    return this;
  }
}
