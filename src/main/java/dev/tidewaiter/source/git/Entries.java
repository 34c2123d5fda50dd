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

  private final List<SnapshotEntry> found = new ArrayList<>();
  private long bytes;
  private boolean full;

  /// Reads one entry.
  interface Reading {
    SnapshotEntry read() throws IOException;
  }

  /// @param size how many bytes the reading keeps
  void add(String path, long size, Reading reading) throws IOException {
    if (full) {
      return;
    }
    full = found.size() == MAX_FILES || bytes + size > MAX_BYTES;
    bytes += size;
    found.add(full ? new SnapshotEntry.TooMany(path, MAX_FILES, MAX_BYTES) : reading.read());
  }

  /// Whether nothing more is taken.
  boolean isFull() {
    return full;
  }

  List<SnapshotEntry> found() {
    return found;
  }
}
