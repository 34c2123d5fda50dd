package dev.tidewaiter.source;

import dev.tidewaiter.model.Revision;
import java.util.List;

/// The first-parent line of a branch.
///
/// @param revisions newest first
/// @param complete whether the last one has no parent; false on a shallow clone
public record History(List<Revision> revisions, boolean complete) {
  public History {
    revisions = List.copyOf(revisions);
  }
}
