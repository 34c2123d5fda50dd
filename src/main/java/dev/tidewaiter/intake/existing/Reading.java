package dev.tidewaiter.intake.existing;

import dev.tidewaiter.model.PlainCause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Reads files of others into trees. What a parser says of a file it could not read is dropped: it
/// quotes the file.
final class Reading {
  /// 4 MiB: more than any of these files has.
  private static final long LARGEST_BYTES = 4 << 20;

  private Reading() {}

  /// @throws UnreadableException if there is no such file, or it is too large
  static byte[] bytes(Path file) throws UnreadableException {
    try {
      if (Files.size(file) > LARGEST_BYTES) {
        throw new UnreadableException(file + ": The file is larger than 4 MiB.");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UnreadableException(file + ": The file cannot be read (" + PlainCause.of(e) + ").");
    }
  }

  /// @throws UnreadableException if it cannot be read, or is not what the mapper reads
  static JsonNode tree(Path file, ObjectMapper mapper) throws UnreadableException {
    return parse(bytes(file), mapper)
        .orElseThrow(() -> new UnreadableException(file + ": The file cannot be understood."));
  }

  /// Empty if it is not what the mapper reads.
  static Optional<JsonNode> parse(byte[] bytes, ObjectMapper mapper) {
    try {
      JsonNode tree = mapper.readTree(bytes);
      return tree.isObject() ? Optional.of(tree) : Optional.empty();
    } catch (JacksonException _) {
      return Optional.empty();
    }
  }
}
