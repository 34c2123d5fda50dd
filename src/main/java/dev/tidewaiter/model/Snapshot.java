package dev.tidewaiter.model;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The files of the config repository at one revision.
///
/// @param revision null for a working tree, which has none
/// @param entries sorted by path
public record Snapshot(@Nullable Revision revision, List<SnapshotEntry> entries) {
  public Snapshot {
    entries = entries.stream().sorted(Comparator.comparing(SnapshotEntry::path)).toList();
  }
}
