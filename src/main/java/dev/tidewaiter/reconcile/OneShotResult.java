package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.RegistryMaterial;
import dev.tidewaiter.model.Minted;
import java.util.List;

/// What one round and its cycles, or their plans, came to; enough to print it and to choose an exit
/// code.
public record OneShotResult(RoundResult round, List<TargetStatus> targets) {
  public OneShotResult {
    targets = List.copyOf(targets);
  }

  /// The same, with the reports on one environment alone.
  public OneShotResult of(String environment) {
    return new OneShotResult(
        round,
        targets.stream()
            .map(
                target ->
                    new TargetStatus(
                        target.target(),
                        target.conditions(),
                        target.reports().stream()
                            .filter(report -> report.subject().environment().equals(environment))
                            .toList()))
            .toList());
  }

  /// Of all targets.
  public List<CycleReport> reports() {
    return targets.stream().flatMap(target -> target.reports().stream()).toList();
  }

  /// Whether the newest revision was rejected, even if an older one was applied.
  public boolean isRejected() {
    return !round.standing().problems().isEmpty();
  }

  /// Whether the repository, the secret store or a target did not answer.
  public boolean isUnavailable() {
    return round.standing().unavailable() != null
        || round.material().values().stream().anyMatch(OneShotResult::isUnavailable)
        || targets.stream().anyMatch(target -> target.has(Reason.TargetUnavailable));
  }

  /// Whether changes failed, or something was withheld or held, or is not ours.
  public boolean isIncomplete() {
    return targets.stream().anyMatch(TargetStatus::isIncomplete);
  }

  /// Whether a preview found anything to do, held or not.
  public boolean hasDifferences() {
    return reports().stream()
        .map(CycleReport::plan)
        .anyMatch(plan -> !plan.isEmpty() || !plan.held().isEmpty() || !plan.frozen().isEmpty());
  }

  private static boolean isUnavailable(RegistryMaterial material) {
    return material.credential() instanceof Minted.Withheld withheld
        && withheld.cause() == Minted.Cause.UNAVAILABLE;
  }
}
