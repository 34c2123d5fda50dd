package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.HostGovernance;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Visible;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.Plan;
import dev.tidewaiter.target.Proof;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is to be told of the rules of an environment on a host, and what to do about it.
final class HostConditions {
  private HostConditions() {}

  /// What its runtimes cannot enforce, which weighs as much as the declaration says.
  static List<Condition> of(HostGovernance governance) {
    return governance.unsupported().stream()
        .map(text -> new Condition(Reason.Unsupported, Visible.of(text), !governance.accepted()))
        .toList();
  }

  /// What was shown, before it is known what becomes of the denial.
  static Condition refuted(String detail) {
    return new Condition(Reason.ProofFailed, Visible.of(detail));
  }

  /// What was noted of a host, with what became of a denial that does not hold.
  ///
  /// @param results none if nothing was to be done
  static List<Condition> noted(Considered considered, List<Result> results) {
    HostGovernance governance = considered.compiled().hostGovernance();
    if (governance == null) {
      return considered.notes();
    }
    String fate = fate(considered, governance, results);
    return considered.notes().stream()
        .map(
            note ->
                note.reason() == Reason.ProofFailed
                    ? new Condition(Reason.ProofFailed, note.message() + fate)
                    : note)
        .toList();
  }

  private static String fate(
      Considered considered, HostGovernance governance, List<Result> results) {
    String look =
        " Look for a setting of the runtime that goes before its registry directories, and report"
            + " it if there is none";
    if (left(considered, results)
        .anyMatch(id -> refuses(id) && !governance.denying().contains(id.scope()))) {
      return " The denial still stands: it could not be taken away in this cycle." + look;
    }
    if (considered.notes().stream().anyMatch(note -> note.reason() == Reason.Reconciling)) {
      return " If the denial still stands, the next cycle over the whole host takes it away."
          + look;
    }
    return " The denial is taken away, and every registry can be pulled from there. It is tried again"
        + " after an hour, or when its rules change or Tidewaiter is started again."
        + look;
  }

  private static boolean refuses(ResourceId id) {
    return id.kind() == ResourceKind.DENIAL || id.kind() == ResourceKind.SIGNATURE_POLICY;
  }

  /// What stays as it is although the plan may say otherwise.
  private static Stream<ResourceId> left(Considered considered, List<Result> results) {
    Plan plan = considered.plan();
    Set<Change> done =
        results.stream().filter(Result::isDone).map(Result::change).collect(Collectors.toSet());
    Stream<Change> unfinished =
        plan.changes().stream().filter(change -> change.isWithdrawal() && !done.contains(change));
    Stream<Change> changes =
        Stream.of(unfinished, plan.frozen().stream(), plan.held().stream())
            .flatMap(Function.identity());
    return Stream.of(
            changes.map(Change::id),
            plan.withheld().stream().map(Plan.Withheld::id),
            plan.unchanged().stream())
        .flatMap(Function.identity());
  }

  static Condition inconclusive(Proof.Inconclusive proof) {
    return new Condition(
        Reason.ProofInconclusive,
        "the denial is in force, but not shown to hold: " + Visible.of(proof.detail()));
  }
}
