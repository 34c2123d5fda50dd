package dev.tidewaiter.cli;

import ch.qos.logback.classic.Level;
import dev.tidewaiter.config.DaemonConfiguration;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of every command that needs servers; a flag wins over the file.
final class DaemonOptions {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      defaultValue = "tidewaiter.yaml",
      description = "The daemon's own configuration (default: ${DEFAULT-VALUE}).")
  private Path file = Path.of("tidewaiter.yaml");

  @Option(
      names = "--state-directory",
      paramLabel = "DIRECTORY",
      description = "Where to keep state, instead of where the configuration says.")
  private @Nullable Path stateDirectory;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description =
          "error, warn, info, debug or trace (default: info for run; warn for the others, which print"
              + " what they did).")
  private org.slf4j.event.@Nullable Level logLevel;

  @Option(
      names = "--log-format",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Logging.Format logFormat = Logging.Format.TEXT;

  /// Reads the configuration, and sends log lines where they belong from now on.
  ///
  /// @param unasked the level if none was asked for
  DaemonConfiguration load(Level unasked) throws CommandFailure {
    Logging.configure(logLevel == null ? unasked : Level.convertAnSLF4JLevel(logLevel), logFormat);
    DaemonConfiguration loaded = ConfigurationFile.load(file);
    return stateDirectory == null
        ? loaded
        : loaded.withStateDirectory(stateDirectory.toAbsolutePath());
  }
}
