package dev.tidewaiter.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The Git repository that the sandbox's daemon follows, with a working tree to edit.
///
/// It has an author of its own, so that a commit succeeds on a machine where Git was never
/// configured.
final class ConfigRepository {
  private final Path directory;

  private ConfigRepository(Path directory) {
    this.directory = directory;
  }

  /// Makes a repository of the files in a directory.
  ///
  /// @throws IOException with a message for people if there is no Git
  static ConfigRepository create(Path directory) throws IOException {
    var repository = new ConfigRepository(directory);
    repository.git("init", "--quiet", "--initial-branch=main");
    repository.git("config", "user.name", "Sandbox");
    repository.git("config", "user.email", "sandbox@acme.example");
    repository.git("config", "commit.gpgSign", "false");
    repository.git("add", "--all");
    repository.git("commit", "--quiet", "--message", "Declare the example");
    return repository;
  }

  String url() {
    return directory.toUri().toString().replaceFirst("/$", "");
  }

  private void git(String... arguments) throws IOException {
    var command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    // Hooks, templates and GIT_DIR of whoever starts the sandbox are none of its business.
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH",
                path,
                "HOME",
                directory.toString(),
                "GIT_CONFIG_NOSYSTEM",
                "1",
                "GIT_CONFIG_GLOBAL",
                "/dev/null",
                "GIT_CEILING_DIRECTORIES",
                directory.toString()));
    Process process = start(builder.redirectErrorStream(true));
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + output.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static Process start(ProcessBuilder builder) throws IOException {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new IOException("The sandbox needs Git, and there is none on PATH. Install it.", e);
    }
  }
}
