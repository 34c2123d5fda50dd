package dev.tidewaiter.reconcile;

import dev.tidewaiter.model.Phase;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a change stands on, and must not be made without: nothing is denied by an image's host
/// before the default registry gives it one, no registry is refused on a host before those that are
/// allowed can be reached as declared, and none of these goes while all others are still refused.
final class Foundation {
  private Foundation() {}

  /// What becomes of a change after what it stands on failed; null if it may be made.
  ///
  /// @param before what was tried before it in the same cycle
  static Outcome.@Nullable Failed missing(Change change, List<Result> before) {
    return before.stream()
        .filter(result -> !result.isDone())
        .map(Result::change)
        .filter(failed -> standsOn(change, failed))
        .findFirst()
        .map(Foundation::waiting)
        .orElse(null);
  }

  private static boolean standsOn(Change change, Change earlier) {
    if (change.isWithdrawal() != earlier.isWithdrawal()
        || !change.id().scope().equals(earlier.id().scope())) {
      return false;
    }
    if (change.id().kind().isOfHosts()) {
      Change denial = change.isWithdrawal() ? earlier : change;
      Change allowed = change.isWithdrawal() ? change : earlier;
      return denial.phase() == Phase.DENY && allowed.phase() != Phase.DENY;
    }
    return !change.isWithdrawal()
        && change.id().kind().isPolicy()
        && earlier.id().kind().isPolicy();
  }

  private static Outcome.Failed waiting(Change missing) {
    return new Outcome.Failed(
        Outcome.FailureReason.Unavailable, "waits for " + missing.id() + ", which failed", null);
  }
}
