package dev.tidewaiter.reconcile;

import java.util.Comparator;
import java.util.List;

/// How it stands with one target.
///
/// @param conditions of the target as a whole: whether it answers, which environments on it are
///   orphaned
/// @param reports the last one over the whole target for each environment, sorted by name
public record TargetStatus(String target, List<Condition> conditions, List<CycleReport> reports) {
  public TargetStatus {
    conditions = List.copyOf(conditions);
    reports = List.copyOf(reports);
  }

  /// What a host's runtimes said last, to whichever environment's cycle; empty for a cluster, and
  /// for a host that could not be asked.
  public List<RuntimeReport> runtimes() {
    return reports.stream()
        .max(Comparator.comparing(report -> report.timing().startedAt()))
        .map(CycleReport::runtimes)
        .orElse(List.of());
  }

  /// Whether it is so of the target or of an environment on it.
  public boolean has(Reason reason) {
    return conditions.stream().anyMatch(condition -> condition.reason() == reason)
        || reports.stream().anyMatch(report -> report.has(reason));
  }

  /// Whether anything keeps an environment on it from `Ready`.
  public boolean isIncomplete() {
    return conditions.stream().anyMatch(Condition::preventsReady)
        || reports.stream().anyMatch(report -> report.readiness().reason() != Reason.Ready);
  }
}
