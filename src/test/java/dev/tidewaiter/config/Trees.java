package dev.tidewaiter.config;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.Snapshot;
import dev.tidewaiter.model.SnapshotEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Snapshots made in memory, or from a directory.
final class Trees {
  private Trees() {}

  static Snapshot of(String path, byte[] content) {
    return new Snapshot(null, List.of(file(path, content)));
  }

  static Snapshot of(Map<String, String> files) {
    return new Snapshot(
        null,
        files.entrySet().stream()
            .map(e -> file(e.getKey(), e.getValue().getBytes(StandardCharsets.UTF_8)))
            .toList());
  }

  /// All documents in one file, `all.yaml`.
  static Snapshot documents(String... documents) {
    return of(Map.of("all.yaml", String.join("---\n", documents)));
  }

  static Snapshot directory(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return new Snapshot(
          null,
          all.filter(p -> p.toString().endsWith(".yaml"))
              .map(p -> file(root.relativize(p).toString(), read(p)))
              .toList());
    }
  }

  static SnapshotEntry file(String path, byte[] content) {
    String id = HexFormat.of().toHexDigits(Arrays.hashCode(content)) + "-" + content.length;
    return new SnapshotEntry.File(path, id, FileContent.of(content));
  }

  static Problem renamed(Problem problem, String file) {
    Place place = problem.place();
    return new Problem(
        new Place(file, place.line(), place.column()), problem.message(), problem.hint());
  }

  /// An active registry without a credential.
  static String registry(String name, String address) {
    return """
        apiVersion: tidewaiter.dev/v1
        kind: Registry
        metadata: {name: %s}
        spec: {address: "%s", credential: {anonymous: {}}}
        """
        .formatted(name, address);
  }

  /// @param spec in flow style
  static String environment(String name, String spec) {
    return """
        apiVersion: tidewaiter.dev/v1
        kind: Environment
        metadata: {name: %s}
        spec: %s
        """
        .formatted(name, spec);
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
