package dev.tidewaiter.target.host.containerd;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

/// Whether containerd, which reads its settings only when it starts, has read them as they are now.
final class SettingsAge {
  /// How exact the kernel's own time of a process's start is.
  private static final long SECONDS = 1;

  private SettingsAge() {}

  /// By the time of the last change of content, name or mode: a file moved into place may have been
  /// written long before.
  ///
  /// @param imports paths, or patterns in the last component; relative to the directory of `file`
  static boolean isOlder(Path file, List<String> imports, Instant started) throws IOException {
    Instant latest = started.plusSeconds(SECONDS);
    if (changed(file).isAfter(latest)) {
      return false;
    }
    for (String pattern : imports) {
      Path path = file.resolveSibling(pattern);
      Path directory = path.getParent();
      if (directory == null || !Files.isDirectory(directory)) {
        continue;
      }
      try (DirectoryStream<Path> found =
          Files.newDirectoryStream(directory, path.getFileName().toString())) {
        for (Path imported : found) {
          if (changed(imported).isAfter(latest)) {
            return false;
          }
        }
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    return true;
  }

  private static Instant changed(Path file) throws IOException {
    return Files.exists(file) && Files.getAttribute(file, "unix:ctime") instanceof FileTime changed
        ? changed.toInstant()
        : Instant.EPOCH;
  }
}
