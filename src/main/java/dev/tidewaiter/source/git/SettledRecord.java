package dev.tidewaiter.source.git;

import dev.tidewaiter.model.Revision;
import dev.tidewaiter.source.SourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The file `settled` beside the clone, mode 0600: a commit id and a line feed. It is outside the
/// clone because a clone is replaced when it is damaged.
record SettledRecord(Path directory) {
  private static final Set<StandardOpenOption> NEW =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);

  /// Null if nothing was settled yet.
  @Nullable Revision read() throws SourceException {
    try {
      return new Revision(Files.readString(file(), StandardCharsets.UTF_8).strip());
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException | IllegalArgumentException e) {
      throw new SourceException(
          "%s: no commit id can be read\n  Remove the file; withdrawals are then judged anew."
              .formatted(file()),
          e);
    }
  }

  /// Replaces the file in one step; a crash leaves the old one or the new one.
  void write(Revision revision) throws SourceException {
    Path temporary = directory.resolve("settled.new");
    try {
      Files.createDirectories(directory);
      Files.deleteIfExists(temporary);
      var ownerOnly =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
      try (FileChannel channel = FileChannel.open(temporary, NEW, ownerOnly)) {
        ByteBuffer line = StandardCharsets.UTF_8.encode(revision.id() + "\n");
        while (line.hasRemaining()) {
          channel.write(line);
        }
        channel.force(true);
      }
      Files.move(temporary, file(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new SourceException(file() + ": cannot be written", e);
    }
  }

  private Path file() {
    return directory.resolve("settled");
  }
}
