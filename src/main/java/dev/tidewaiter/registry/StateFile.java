package dev.tidewaiter.registry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One JSON document of ours that outlives the process: mode 0600, replaced as a whole by a rename,
/// on disk when `write` returns.
///
/// What cannot be read, or is of another version, counts as absent, and that is logged; what it
/// contains never is. If it cannot be written, only a restart is the worse for it: that is logged
/// once, and what is in memory goes on.
final class StateFile {
  private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String VERSION = "version";
  private static final String MODE = "rw-------";

  private final Path file;
  private final int version;
  private boolean failing;

  /// @param file in a directory of mode 0700
  /// @param version of the document's form
  StateFile(Path file, int version) {
    this.file = file;
    this.version = version;
  }

  ObjectNode newDocument() {
    return JSON.createObjectNode().put(VERSION, version);
  }

  /// @param parse may throw what a document of another form makes it throw: a Jackson, time or
  ///   argument exception
  <T> Optional<T> read(Function<JsonNode, T> parse) {
    try {
      JsonNode document = JSON.readTree(Files.readAllBytes(file));
      if (document.path(VERSION).asInt(0) == version) {
        return Optional.of(parse.apply(document));
      }
      unusable("of another version");
    } catch (NoSuchFileException _) {
      // Nothing was kept yet.
    } catch (IOException e) {
      unusable(e.getClass().getSimpleName());
    } catch (JacksonException | DateTimeException | IllegalArgumentException _) {
      unusable("damaged");
    }
    return Optional.empty();
  }

  /// @return whether it is on disk
  boolean write(JsonNode document) {
    try {
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.deleteIfExists(fresh);
      var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(MODE));
      var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try (var channel = FileChannel.open(fresh, options, mode)) {
        var bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(document));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      try (var directory = FileChannel.open(file.toAbsolutePath().getParent())) {
        directory.force(true);
      }
      failing = false;
      return true;
    } catch (IOException e) {
      if (!failing) {
        LOG.atWarn()
            .setMessage("state not kept")
            .addKeyValue("file", file)
            .addKeyValue("detail", e.getClass().getSimpleName())
            .log();
      }
      failing = true;
      return false;
    }
  }

  private void unusable(String why) {
    LOG.atWarn()
        .setMessage("state not usable, begun anew")
        .addKeyValue("file", file)
        .addKeyValue("detail", why)
        .log();
  }
}
