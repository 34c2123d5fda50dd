package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Enforcing;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.Plan;
import dev.tidewaiter.reconcile.activation.Activation;
import dev.tidewaiter.reconcile.activation.Policies;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a cycle knows when it begins to apply.
///
/// @param enforcing how far denials go
/// @param activation what became of new denials; null if there are none
/// @param contended resources left alone because another writer reverts them, and who that is;
///   empty if that is not known
/// @param runtimes of a host, as they say of themselves; empty for a cluster
/// @param lingering pull Secrets that pods name though they lost their place
/// @param notes what was noticed on the way
record Considered(
    Enforcing enforcing,
    Compiled compiled,
    Plan plan,
    @Nullable Activation activation,
    Map<ResourceId, String> contended,
    List<RuntimeReport> runtimes,
    Set<ResourceId> lingering,
    List<Condition> notes) {

  /// Without bindings of policies at whose place something stands that is not ours: they would put
  /// a stranger's rules in force.
  static Plan withoutBindingsOfOthers(Plan plan) {
    var bindings = new TreeSet<ResourceId>();
    for (Plan.Conflict conflict : plan.conflicts()) {
      plan.changes().stream()
          .filter(change -> !change.isWithdrawal())
          .map(Change::id)
          .filter(id -> Policies.binds(id, conflict.id()))
          .forEach(bindings::add);
    }
    return sparing(plan, bindings, "the policy that it binds is not ours");
  }

  /// Without changes of these resources, which then count as withheld.
  static Plan sparing(Plan plan, Set<ResourceId> contended) {
    return sparing(plan, contended, "another writer reverts it");
  }

  private static Plan sparing(Plan plan, Set<ResourceId> contended, String reason) {
    var withheld = new ArrayList<>(plan.withheld());
    var spared = new TreeSet<ResourceId>();
    plan.changes().stream()
        .map(Change::id)
        .filter(contended::contains)
        .filter(spared::add)
        .forEach(id -> withheld.add(new Plan.Withheld(id, null, reason)));
    List<Change> rest =
        plan.changes().stream().filter(change -> !spared.contains(change.id())).toList();
    return plan.withChanges(rest).withWithheld(withheld);
  }

  /// Without withdrawals: a limited cycle leaves them to the next whole one, since the guard counts
  /// all of a target together.
  Considered withoutWithdrawals() {
    List<Change> kept = plan.changes().stream().filter(change -> !change.isWithdrawal()).toList();
    if (plan.held().isEmpty() && kept.size() == plan.changes().size()) {
      return this;
    }
    var noted = new ArrayList<>(notes);
    noted.add(
        new Condition(Reason.Reconciling, "withdrawals are left to a cycle over the whole target"));
    Plan limited = plan.withChanges(kept).withoutHeld();
    return new Considered(
        enforcing, compiled, limited, activation, contended, runtimes, lingering, noted);
  }

  /// With what was noticed later.
  Considered noting(Condition note) {
    var noted = new ArrayList<>(notes);
    noted.add(note);
    return new Considered(
        enforcing, compiled, plan, activation, contended, runtimes, lingering, noted);
  }

  /// What is considered in the same cycle after this was carried out.
  Considered before(Considered next) {
    var changes = new ArrayList<>(plan.changes());
    changes.addAll(next.plan.changes());
    return new Considered(
        next.enforcing,
        next.compiled,
        next.plan.withChanges(changes),
        activation,
        next.contended,
        next.runtimes,
        next.lingering,
        next.notes);
  }
}
