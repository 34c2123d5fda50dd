package dev.tidewaiter.reconcile;

import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.Revision;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the repository stood in one round.
///
/// @param attempted the newest revision that is known; null if none ever was
/// @param inForce null if no revision loads: then nothing is touched
/// @param problems why the newest revision is not in force; empty if it is
/// @param unavailable why the repository could not be read; null if it could
/// @param settled up to where everything had been carried out when the round began
/// @param rewritten whether the branch no longer contains what was in force before, or, after a
///   restart, contains something newer that may have been, and was not loaded in time or is
///   rejected now: all withdrawals are held until a revision of the new line is settled
public record Standing(
    @Nullable Revision attempted,
    @Nullable InForce inForce,
    List<Problem> problems,
    @Nullable String unavailable,
    @Nullable Revision settled,
    boolean rewritten) {
  static final Standing UNKNOWN = new Standing(null, null, List.of(), null, null, false);

  public Standing {
    problems = List.copyOf(problems);
  }

  /// The same, but the repository does not answer now.
  Standing unavailableBecause(String reason) {
    return new Standing(attempted, inForce, problems, reason, settled, rewritten);
  }

  /// What is true of the daemon as a whole.
  public List<Condition> conditions() {
    var conditions = new ArrayList<Condition>();
    if (!problems.isEmpty()) {
      conditions.add(
          new Condition(
              Reason.Stalled,
              "revision %s has %d problem(s), the first: %s"
                  .formatted(attempted, problems.size(), problems.getFirst())));
    }
    if (unavailable != null) {
      conditions.add(new Condition(Reason.SourceUnavailable, unavailable));
    }
    if (inForce == null) {
      conditions.add(
          new Condition(
              Reason.NothingInForce, "no revision loads without problems: nothing is touched"));
    }
    return conditions;
  }
}
