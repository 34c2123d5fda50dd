package dev.tidewaiter.reconcile;

import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome;
import java.util.Optional;

/// What came of one change of a plan.
public record Result(Change change, Outcome outcome) {
  /// Whether the target holds what the change wants, whoever brought it there.
  boolean isDone() {
    return !(outcome instanceof Outcome.Failed);
  }

  Optional<CycleReport.Failure> failure() {
    return outcome instanceof Outcome.Failed failed
        ? Optional.of(new CycleReport.Failure(change.id(), failed.reason().name(), failed.detail()))
        : Optional.empty();
  }
}
