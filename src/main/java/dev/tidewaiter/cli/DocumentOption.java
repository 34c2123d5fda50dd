package dev.tidewaiter.cli;

import picocli.CommandLine.Option;

/// `-o`, of every command whose result has no Markdown form.
final class DocumentOption {
  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES}")
  private DocumentFormat output = DocumentFormat.TEXT;

  DocumentFormat format() {
    return output;
  }
}
