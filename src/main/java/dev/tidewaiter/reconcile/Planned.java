package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Enforcing;
import dev.tidewaiter.plan.Plan;
import dev.tidewaiter.reconcile.activation.Activation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A plan and what it was made of.
///
/// @param activation what became of new denials; null if there are none
/// @param notes what was noticed about policies
record Planned(
    Enforcing enforcing,
    Compiled compiled,
    Plan plan,
    @Nullable Activation activation,
    List<Condition> notes) {
  /// Plans with the same observation for another extent of denials.
  interface Planning {
    Planned as(Enforcing enforcing);
  }

  static Planned of(Enforcing enforcing, Compiled compiled, Plan plan) {
    return new Planned(enforcing, compiled, plan, null, List.of());
  }

  Planned holding(Plan held) {
    return new Planned(enforcing, compiled, held, activation, notes);
  }

  Planned because(Activation why) {
    return new Planned(enforcing, compiled, plan, why, notes);
  }

  Planned noting(Condition note) {
    return new Planned(enforcing, compiled, plan, activation, List.of(note));
  }
}
