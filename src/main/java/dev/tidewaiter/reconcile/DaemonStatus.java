package dev.tidewaiter.reconcile;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How it stands with the whole daemon, at one moment.
///
/// @param round the newest; null before the first has ended
/// @param conditions of the daemon itself
/// @param nextRoundAt when the repository is asked again, unless something happens before; null
///   before the first round
/// @param targets sorted by name
public record DaemonStatus(
    String instance,
    @Nullable RoundResult round,
    List<Condition> conditions,
    @Nullable Instant nextRoundAt,
    List<TargetStatus> targets) {
  public DaemonStatus {
    conditions = List.copyOf(conditions);
    targets = List.copyOf(targets);
  }

  /// Whether declarations are in force and their first round has been handed to the targets.
  public boolean isServing() {
    return round != null && round.standing().inForce() != null;
  }
}
