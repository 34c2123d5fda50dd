package dev.tidewaiter.source.git;

import dev.tidewaiter.model.SnapshotEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The entries of a snapshot as they are found, as many as a daemon can hold at once. The first one
/// that finds no room ends it.
final class Entries {
  /// Twice as many as the largest config repository is made for.
  static final int MAX_FILES = 20_000;

  /// 16 MiB: what all files have together.
  static final long MAX_BYTES = 16 << 20;

  /// Ten for each file that is taken.
  static final int MAX_PATHS = 200_000;

  /// Linux opens no path that is longer.
  static final int MAX_LENGTH = 4096;

  /// A second or two.
  static final long MAX_STEPS = 500_000_000;

  private static final String FILES =
      "%d files with %d bytes together are".formatted(MAX_FILES, MAX_BYTES);
  private static final String PATHS =
      "%d files and folders are, of at most %d characters each, and fewer with long patterns in `%s`"
          .formatted(MAX_PATHS, MAX_LENGTH, YamlFiles.IGNORE_FILE);

  private final List<SnapshotEntry> found = new ArrayList<>();
  private long bytes;
  private int paths;
  private boolean full;

  /// Reads one entry.
  interface Reading {
    SnapshotEntry read() throws IOException;
  }

  /// Counts a file or folder before it is decided whether it is taken: folders may be the same
  /// object many times, so a small repository can have more of them than anybody can visit.
  ///
  /// @param steps that the ignore file took so far
  void lookAt(String path, long steps) {
    boolean tooLong = path.length() > MAX_LENGTH;
    if (!full && (++paths > MAX_PATHS || tooLong || steps > MAX_STEPS)) {
      end(tooLong ? path.substring(0, MAX_LENGTH) : path, PATHS);
    }
  }

  /// @param size how many bytes the reading keeps
  void add(String path, long size, Reading reading) throws IOException {
    if (full) {
      return;
    }
    bytes += size;
    if (found.size() == MAX_FILES || bytes > MAX_BYTES) {
      end(path, FILES);
    } else {
      found.add(reading.read());
    }
  }

  private void end(String path, String limit) {
    full = true;
    found.add(new SnapshotEntry.TooMany(path, limit));
  }

  /// Whether nothing more is taken.
  boolean isFull() {
    return full;
  }

  List<SnapshotEntry> found() {
    return found;
  }
}
