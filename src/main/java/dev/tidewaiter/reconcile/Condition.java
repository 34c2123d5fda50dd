package dev.tidewaiter.reconcile;

import java.util.Comparator;
import java.util.List;

/// Something that is true of the daemon, or of an environment on a target, and that somebody may
/// have to know.
///
/// @param message for people: the place first, then what to do; never a secret
/// @param preventsReady as of its reason, but where the same reason weighs more in one place than
///   in another
public record Condition(Reason reason, String message, boolean preventsReady) {
  public Condition(Reason reason, String message) {
    this(reason, message, reason.preventsReady());
  }

  /// The one to show first: whatever prevents `Ready`, or `Ready` itself.
  public static Condition readiness(List<Condition> conditions) {
    return conditions.stream()
        .filter(Condition::preventsReady)
        .min(Comparator.comparing(Condition::reason))
        .orElse(new Condition(Reason.Ready, "all that is declared is there"));
  }
}
