package dev.tidewaiter.intake.existing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// A folder that appears as a whole or not at all.
///
/// Its files are written beside it, in a hidden folder with the final modes, and synchronised; then
/// that is renamed. After a crash before the rename the hidden folder is left, with the same modes.
final class NewFolder implements AutoCloseable {
  /// Who may read it; the process's umask may take more away.
  enum Readers {
    EVERYBODY("rwxr-xr-x", "rw-r--r--"),
    OWNER("rwx------", "rw-------");

    private final String folder;
    private final String file;

    Readers(String folder, String file) {
      this.folder = folder;
      this.file = file;
    }
  }

  private final Path target;
  private final Path hidden;
  private final Readers readers;

  private NewFolder(Path target, Path hidden, Readers readers) {
    this.target = target;
    this.hidden = hidden;
    this.readers = readers;
  }

  /// Whether nothing is there that could be lost: no such path, or an empty folder.
  static boolean isFree(Path target) throws IOException {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return true;
    }
    if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (Stream<Path> children = Files.list(target)) {
      return children.findAny().isEmpty();
    }
  }

  /// Begins one, without anything to be seen at its place.
  static NewFolder begin(Path target, Readers readers) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new IOException(target + " has no parent");
    }
    Files.createDirectories(parent);
    Path hidden =
        Files.createTempDirectory(
            parent, "." + absolute.getFileName() + ".", attribute(readers.folder));
    return new NewFolder(absolute, hidden, readers);
  }

  /// @param path from the folder, with `/`
  void write(String path, byte[] content) throws IOException {
    write(path, content, readers.file);
  }

  /// The same for a program, which its owner may start.
  void writeProgram(String path, byte[] content) throws IOException {
    write(path, content, "rwx------");
  }

  private void write(String path, byte[] content, String mode) throws IOException {
    Path file = hidden.resolve(path);
    Files.createDirectories(file.getParent(), attribute(readers.folder));
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            attribute(mode))) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /// Puts it into its place.
  ///
  /// @throws IOException if something is there by now
  void appear() throws IOException {
    // Onto an empty folder too: rename(2) replaces that.
    Files.move(hidden, target, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel parent = FileChannel.open(target.getParent())) {
      parent.force(true);
    }
  }

  /// Removes what did not appear.
  @Override
  public void close() throws IOException {
    if (Files.exists(hidden)) {
      List<Path> all;
      try (Stream<Path> found = Files.walk(hidden)) {
        all = found.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path path : all) {
        Files.delete(path);
      }
    }
  }

  private static FileAttribute<Set<PosixFilePermission>> attribute(String mode) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
  }
}
