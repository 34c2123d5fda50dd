package dev.tidewaiter.reconcile;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/// Where the daemon keeps what it would be slow to find out again: `repository-<hash>` folders,
/// `audit.jsonl`, and `lock`; a host keeps its own state in `host`. Every directory has mode 0700.
public final class StateDirectory {
  private static final String MODE = "rwx------";

  private final Path root;

  private StateDirectory(Path root) {
    this.root = root;
  }

  /// Makes it if it is not there, and its mode 0700 if it is another.
  public static StateDirectory open(Path root) throws IOException {
    return new StateDirectory(directory(root));
  }

  /// Keeps everybody else out until the lock is closed or the process ends, however that happens.
  ///
  /// @return empty if another process, or another part of this one, has it
  public Optional<Closeable> lock() throws IOException {
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileChannel channel = FileChannel.open(root.resolve("lock"), options, mode);
    try {
      if (channel.tryLock() != null) {
        return Optional.of(channel);
      }
    } catch (OverlappingFileLockException _) {
      // Another part of this process has it.
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return Optional.empty();
  }

  /// The folder of one repository: a daemon that follows another reference or path uses another.
  public Path repository(String url, String reference, String path) throws IOException {
    return directory(root.resolve("repository-" + hash(url + "\n" + reference + "\n" + path)));
  }

  public Path audit() {
    return root.resolve("audit.jsonl");
  }

  private static Path directory(Path path) throws IOException {
    var permissions = PosixFilePermissions.fromString(MODE);
    Files.createDirectories(path, PosixFilePermissions.asFileAttribute(permissions));
    Files.setPosixFilePermissions(path, permissions);
    return path;
  }

  // 128 bits: enough that no two repositories meet.
  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
