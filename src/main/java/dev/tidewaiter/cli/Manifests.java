package dev.tidewaiter.cli;

import dev.tidewaiter.config.ForeignYaml;
import dev.tidewaiter.config.ForeignYaml.Content;
import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.PlainCause;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Reads manifests from files, from folders with all that is below them, and from standard input.
final class Manifests {
  private static final String STANDARD_INPUT = "-";
  private static final int MAX_BYTES = 16 << 20;

  private final InputStream standardInput;
  private final Workloads workloads = new Workloads();

  private Manifests(InputStream standardInput) {
    this.standardInput = standardInput;
  }

  /// @param names of files and folders; `-` for standard input
  /// @throws CommandFailure if one cannot be read, or is not YAML
  static Workloads read(List<String> names, InputStream standardInput) throws CommandFailure {
    var manifests = new Manifests(standardInput);
    for (String name : names) {
      manifests.read(name);
    }
    return manifests.workloads;
  }

  private void read(String name) throws CommandFailure {
    try {
      if (name.equals(STANDARD_INPUT)) {
        add("standard input", standardInput);
        return;
      }
      for (Path file : files(Path.of(name))) {
        try (InputStream content = Files.newInputStream(file)) {
          add(file.toString(), content);
        }
      }
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "%s: It cannot be read (%s).%n  Name a file, a folder, or - for standard input."
              .formatted(name, PlainCause.of(e)));
    }
  }

  private static List<Path> files(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> all = Files.walk(path)) {
      return all.filter(file -> isManifest(path.relativize(file)))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    }
  }

  private static boolean isManifest(Path file) {
    for (Path part : file) {
      if (part.toString().startsWith(".")) {
        return false;
      }
    }
    return file.toString().matches(".*\\.(yaml|yml|json)");
  }

  private void add(String file, InputStream content) throws IOException, CommandFailure {
    byte[] bytes = content.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new CommandFailure(
          ExitCode.USAGE, file + ": It is larger than 16 MiB.\n  Name the manifests alone.");
    }
    switch (ForeignYaml.read(file, new String(bytes, StandardCharsets.UTF_8))) {
      case Content.Documents(List<JsonNode> roots) ->
          roots.forEach(root -> workloads.add(file, root));
      case Content.Malformed(Place place) ->
          throw new CommandFailure(
              ExitCode.USAGE, place + ": It is not YAML.\n  Correct it, or name another file.");
    }
  }
}
