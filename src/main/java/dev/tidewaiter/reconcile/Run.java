package dev.tidewaiter.reconcile;

import dev.tidewaiter.model.Resource;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.Revision;
import java.util.Map;

/// The identity of one cycle while it runs: what its log lines, its audit record and its changes
/// have in common.
///
/// @param cycle short and unique within the process
/// @param revision the one in force
/// @param stamp greater than those of the cycles that began earlier on the same subject
/// @param desired by id, to tell a correction from a change of mind
record Run(
    String cycle,
    Subject subject,
    Trigger trigger,
    Revision revision,
    Memory memory,
    long stamp,
    Map<ResourceId, Resource> desired) {
  Run {
    desired = Map.copyOf(desired);
  }
}
