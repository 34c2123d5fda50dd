package dev.tidewaiter.cli;

import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.config.DaemonConfigurationLoader;
import dev.tidewaiter.config.LoadedConfiguration;
import dev.tidewaiter.model.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The daemon's own configuration as a command gets it: read, or the command's end.
final class ConfigurationFile {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigurationFile.class);

  private ConfigurationFile() {}

  private static void log(Problem note) {
    LOG.atWarn()
        .setMessage("configuration noted")
        .addKeyValue("place", note.place())
        .addKeyValue("note", note.message())
        .log();
  }

  /// @throws CommandFailure with all problems of the file
  static DaemonConfiguration load(Path file) throws CommandFailure {
    var state =
        DaemonConfigurationLoader.defaultStateDirectory(
            System.getenv(),
            System.getProperty("user.name", ""),
            Path.of(System.getProperty("user.home", "/")));
    return switch (new DaemonConfigurationLoader(state).load(file)) {
      case LoadedConfiguration.Accepted accepted -> {
        accepted.notes().forEach(note -> log(note));
        yield accepted.configuration();
      }
      case LoadedConfiguration.Rejected(List<Problem> problems) ->
          throw new CommandFailure(
              ExitCode.USAGE,
              problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    };
  }
}
