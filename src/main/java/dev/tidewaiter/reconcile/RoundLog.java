package dev.tidewaiter.reconcile;

import dev.tidewaiter.model.Problem;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// The log lines of rounds: one for the end of each, and at WARN what is wrong with the repository
/// or its newest revision, once until that changes.
final class RoundLog {
  private static final Logger LOG = LoggerFactory.getLogger(RoundLog.class);

  /// How many problems of a revision have lines of their own.
  private static final int SHOWN = 20;

  private RoundLog() {}

  /// @param before how the repository stood in the round before
  static void ended(RoundResult ended, Standing before) {
    Standing standing = ended.standing();
    LOG.atLevel(standing.equals(before) ? Level.DEBUG : Level.INFO)
        .setMessage("round ended")
        .addKeyValue("round", ended.number())
        .addKeyValue("trigger", ended.trigger())
        .addKeyValue("attempted", standing.attempted())
        .addKeyValue("inForce", inForce(standing))
        .addKeyValue("conditions", standing.conditions().stream().map(Condition::reason).toList())
        .log();
    if (!standing.problems().equals(before.problems())) {
      rejected(standing);
    }
    String unavailable = standing.unavailable();
    if (unavailable != null && !unavailable.equals(before.unavailable())) {
      LOG.atWarn()
          .setMessage("repository unavailable")
          .addKeyValue("detail", unavailable)
          .addKeyValue("inForce", inForce(standing))
          .log();
    }
  }

  private static void rejected(Standing standing) {
    List<Problem> problems = standing.problems();
    for (Problem problem : problems.subList(0, Math.min(SHOWN, problems.size()))) {
      LOG.atWarn()
          .setMessage("declaration rejected")
          .addKeyValue("place", problem.place())
          .addKeyValue("problem", problem.message())
          .addKeyValue("hint", problem.hint())
          .log();
    }
    if (!problems.isEmpty()) {
      LOG.atWarn()
          .setMessage("revision rejected")
          .addKeyValue("revision", standing.attempted())
          .addKeyValue("problems", problems.size())
          .addKeyValue("inForce", inForce(standing))
          .log();
    }
  }

  private static Object inForce(Standing standing) {
    InForce inForce = standing.inForce();
    return inForce == null ? "none" : inForce.revision();
  }
}
