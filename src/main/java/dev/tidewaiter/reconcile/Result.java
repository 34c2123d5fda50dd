package dev.tidewaiter.reconcile;

import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome;

/// What came of one change of a plan.
public record Result(Change change, Outcome outcome) {
  /// Whether the target holds what the change wants, whoever brought it there.
  boolean isDone() {
    return !(outcome instanceof Outcome.Failed);
  }
}
