package dev.tidewaiter.sandbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// The directory that a sandbox lives in: its own, and empty at each start.
final class SandboxDirectory implements AutoCloseable {
  /// Outlives the clearing, and tells a sandbox from a directory that merely has the name.
  private static final String LOCK = ".lock";

  private final Path path;
  private final FileLock lock;

  private SandboxDirectory(Path path, FileLock lock) {
    this.path = path;
    this.lock = lock;
  }

  /// Takes a directory for this process alone, and clears it of what an earlier run left.
  ///
  /// @throws IOException also if another sandbox runs in it, or if it holds something else
  static SandboxDirectory open(Path given) throws IOException {
    Path path = given.toAbsolutePath().normalize();
    if (isForeign(path)) {
      throw new IOException(given + ": This is no sandbox's directory. Empty it, or name another.");
    }
    Files.createDirectories(path);
    var channel =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = tryLock(channel);
    if (lock == null) {
      channel.close();
      throw new IOException(given + ": A sandbox runs here already. Stop that one first.");
    }
    clear(path);
    return new SandboxDirectory(path, lock);
  }

  private static boolean isForeign(Path path) throws IOException {
    if (Files.notExists(path) || Files.exists(path.resolve(LOCK))) {
      return false;
    }
    try (var children = Files.list(path)) {
      return children.findAny().isPresent();
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null;
    }
  }

  Path resolve(String child) {
    return path.resolve(child);
  }

  /// Writes a file that everybody may read, with the directories above it.
  Path write(String child, String content) throws IOException {
    Path file = resolve(child);
    Files.createDirectories(file.resolveSibling("."));
    return Files.writeString(file, content);
  }

  /// Writes a file for the owner alone.
  Path writePrivate(String child, String content) throws IOException {
    Path file = write(child, "");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return Files.writeString(file, content);
  }

  /// Makes a directory for the owner alone.
  Path createPrivate(String child) throws IOException {
    Path directory = Files.createDirectories(resolve(child));
    return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
  }

  /// Copies a tree of plain files.
  Path copy(Path from, String child) throws IOException {
    Path to = resolve(child);
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    return to;
  }

  private static void clear(Path root) throws IOException {
    // A link is removed, never followed.
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!file.equals(root.resolve(LOCK))) {
              Files.delete(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            if (!directory.equals(root)) {
              Files.delete(directory);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() throws IOException {
    lock.acquiredBy().close();
  }
}
