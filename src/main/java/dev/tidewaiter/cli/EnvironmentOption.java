package dev.tidewaiter.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `-e`, of every command that can be narrowed to one environment.
final class EnvironmentOption {
  @Option(
      names = {"-e", "--environment"},
      paramLabel = "NAME",
      description = "Only this environment.")
  private @Nullable String environment;

  /// Null for all.
  @Nullable String name() {
    return environment;
  }
}
