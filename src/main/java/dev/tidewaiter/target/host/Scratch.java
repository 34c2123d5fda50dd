package dev.tidewaiter.target.host;

import dev.tidewaiter.model.FileContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;

/// A directory of mode 0700 that is ours, inside of that of somebody else: there a file gets its
/// owner, mode and content before it appears where its name can be given to another file.
///
/// The JDK gives a file its owner by name. Whoever may write to the directory could put a file of
/// root in its place at that moment, and be given that, or a FIFO, which is waited for.
///
/// What a crash leaves of it is removed by the next write or deletion beside it.
final class Scratch {
  /// Ends like the names of temporary files, which are nothing to runtimes and to those who watch.
  static final String NAME = ".tidewaiter";

  /// A name that no directory has which somebody puts here: what it names is deleted.
  static final String FILE = "content.tidewaiter";

  private Scratch() {}

  /// @param directory to which nobody else may write
  static void write(OpenDirectory directory, String name, FileContent content, Ownership ownership)
      throws IOException {
    try (SeekableByteChannel channel =
        directory.open(
            name,
            Set.of(
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS))) {
      directory.own(name, ownership);
      ByteBuffer bytes = ByteBuffer.wrap(content.bytes());
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      ((FileChannel) channel).force(true);
    }
  }

  /// Removes it, if it is there.
  ///
  /// @throws HostFileException if somebody else has anything in its place
  static void remove(OpenDirectory above) throws IOException {
    Optional<BasicFileAttributes> found = above.find(NAME);
    if (found.isEmpty()) {
      return;
    }
    if (!found.get().isDirectory()) {
      above.delete(NAME);
      return;
    }
    try (OpenDirectory left = above.descend(NAME)) {
      left.delete(FILE);
    }
    try {
      above.deleteDirectory(NAME);
    } catch (DirectoryNotEmptyException _) {
      throw HostFileException.unsafe(
          above.path().child(NAME) + ": somebody else put something there; remove it.");
    }
  }
}
