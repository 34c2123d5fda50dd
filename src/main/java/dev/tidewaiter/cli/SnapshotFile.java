package dev.tidewaiter.cli;

import dev.tidewaiter.cli.impact.ClustersSnapshot;
import dev.tidewaiter.model.PlainCause;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A [ClustersSnapshot] as a file: JSON, of mode 0600, since it tells what runs where.
final class SnapshotFile {
  /// What lacks a field, or has one more, is not ours.
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final Path file;

  SnapshotFile(Path file) {
    this.file = file;
  }

  /// Replaces the file as a whole.
  void write(ClustersSnapshot snapshot) throws CommandFailure {
    Path folder = file.toAbsolutePath().normalize().getParent();
    try {
      Path fresh = Files.createTempFile(folder, ".tidewaiter", ".new");
      try {
        var bytes = ByteBuffer.wrap(MAPPER.writeValueAsBytes(snapshot));
        try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
          channel.force(true);
        }
        Files.move(
            fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException e) {
      throw failure(
          "It cannot be written (" + PlainCause.of(e) + ")",
          "Name a file in a directory that you may write.");
    }
  }

  /// @throws CommandFailure if it is not there, is not a whole snapshot, or one of another version
  ClustersSnapshot read() throws CommandFailure {
    try {
      JsonNode document = MAPPER.readTree(Files.readAllBytes(file));
      JsonNode version = document.path("version");
      if (!version.isInt()) {
        throw broken();
      }
      if (version.asInt() != ClustersSnapshot.VERSION) {
        throw failure(
            "It is a snapshot of version "
                + version.asInt()
                + ", and this release reads version "
                + ClustersSnapshot.VERSION,
            "Take it with the same release of tidewaiter that reads it.");
      }
      return MAPPER.treeToValue(document, ClustersSnapshot.class);
    } catch (IOException e) {
      throw failure(
          "It cannot be read (" + PlainCause.of(e) + ")",
          "Take one with `tidewaiter snapshot FILE`.");
    } catch (JacksonException e) {
      throw broken();
    }
  }

  private CommandFailure broken() {
    return failure("It is no whole snapshot", "Take it anew with `tidewaiter snapshot FILE`.");
  }

  private CommandFailure failure(String what, String hint) {
    return new CommandFailure(ExitCode.USAGE, file + ": " + what + ".\n  " + hint);
  }
}
