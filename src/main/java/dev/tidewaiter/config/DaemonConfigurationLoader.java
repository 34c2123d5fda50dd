package dev.tidewaiter.config;

import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A file to a daemon's own configuration, or to all its problems.
///
/// The file has one document of kind `Daemon`. Relative paths in it start at its directory.
public final class DaemonConfigurationLoader {
  /// Bytes; a configuration with a thousand clusters has a tenth of it.
  private static final int LIMIT = 1 << 20;

  private final Path defaultStateDirectory;
  private final Schemas schemas = new Schemas();

  /// @param defaultStateDirectory where state goes if the file does not say; see
  ///   [#defaultStateDirectory]
  public DaemonConfigurationLoader(Path defaultStateDirectory) {
    this.defaultStateDirectory = defaultStateDirectory;
  }

  /// `/var/lib/tidewaiter` for root, else `$XDG_STATE_HOME/tidewaiter`.
  ///
  /// Source: [XDG base directories](https://specifications.freedesktop.org/basedir-spec/latest/):
  /// the variable counts if it is absolute, and is `~/.local/state` otherwise.
  ///
  /// @param environment the variables of the process
  /// @param home the user's home directory
  public static Path defaultStateDirectory(
      Map<String, String> environment, String user, Path home) {
    if (user.equals("root")) {
      return Path.of("/var/lib/tidewaiter");
    }
    Path given = Path.of(environment.getOrDefault("XDG_STATE_HOME", ""));
    Path base = given.isAbsolute() ? given : home.resolve(".local/state");
    return base.resolve("tidewaiter");
  }

  /// Reads the file now; nothing is kept.
  public LoadedConfiguration load(Path file) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LIMIT + 1);
    } catch (IOException e) {
      return rejected(file, "The file cannot be read.", "Check the path and its permissions.");
    }
    if (bytes.length > LIMIT) {
      return rejected(
          file, "The file has more than " + LIMIT + " bytes.", "Pass a Daemon document.");
    }
    Documents documents = YamlReader.read(file.toString(), bytes);
    if (documents.isEmpty()) {
      return rejected(
          file,
          "The file is empty.",
          "Begin it with `apiVersion: tidewaiter.dev/v1` and `kind: Daemon`.");
    }
    if (documents.documents().size() != 1) {
      return documents.problems().isEmpty()
          ? rejected(file, "The file has several documents.", "Keep one of kind `Daemon`.")
          : new LoadedConfiguration.Rejected(documents.problems());
    }
    return load(documents.documents().getFirst(), documents.problems(), file);
  }

  private LoadedConfiguration load(Document document, List<Problem> malformed, Path file) {
    List<Problem> problems = new ArrayList<>(malformed);
    if (!document.isOurs() || !document.kind().equals(Kind.DAEMON.word())) {
      problems.add(
          new Problem(
              document.placeOf("/kind"),
              "The document is not a daemon's configuration.",
              "Begin it with `apiVersion: tidewaiter.dev/v1` and `kind: Daemon`."));
      return new LoadedConfiguration.Rejected(problems);
    }
    new SchemaCheck(schemas).check(document, Kind.DAEMON).forEach(problems::add);
    if (!problems.isEmpty()) {
      return new LoadedConfiguration.Rejected(problems);
    }
    Fields spec = Fields.ofSpec(document, schemas.of(Kind.DAEMON));
    Path directory = file.toAbsolutePath().getParent();
    Path base = directory == null ? Path.of("/") : directory;
    var reader = new DaemonReader(base, defaultStateDirectory, problems);
    return reader.read(document.name(), spec);
  }

  private static LoadedConfiguration rejected(Path file, String message, String hint) {
    return new LoadedConfiguration.Rejected(
        List.of(new Problem(Place.of(file.toString()), message, hint)));
  }
}
