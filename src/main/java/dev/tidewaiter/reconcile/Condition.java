package dev.tidewaiter.reconcile;

import java.util.Comparator;
import java.util.List;

/// Something that is true of the daemon, or of an environment on a target, and that somebody may
/// have to know.
///
/// @param message for people: the place first, then what to do; never a secret
public record Condition(Reason reason, String message) {

  /// The one to show first: whatever prevents `Ready`, or `Ready` itself.
  public static Condition readiness(List<Condition> conditions) {
    return conditions.stream()
        .filter(condition -> condition.reason().preventsReady())
        .min(Comparator.comparing(Condition::reason))
        .orElse(new Condition(Reason.Ready, "all that is declared is there"));
  }
}
