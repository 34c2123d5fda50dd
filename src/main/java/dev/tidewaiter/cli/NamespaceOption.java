package dev.tidewaiter.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `-n`, of every command that can be narrowed to one namespace.
final class NamespaceOption {
  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "Only in the environment of this namespace.")
  private @Nullable String namespace;

  /// Null for all.
  @Nullable String name() {
    return namespace;
  }
}
