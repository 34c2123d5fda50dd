package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.HostGovernance;
import dev.tidewaiter.model.Visible;
import dev.tidewaiter.target.Proof;
import java.util.List;

/// What is to be told of the rules of an environment on a host, and what to do about it.
final class HostConditions {
  private HostConditions() {}

  /// What its runtimes cannot enforce, which weighs as much as the declaration says.
  static List<Condition> of(HostGovernance governance) {
    return governance.unsupported().stream()
        .map(text -> new Condition(Reason.Unsupported, Visible.of(text), !governance.accepted()))
        .toList();
  }

  static Condition refuted(String detail) {
    return new Condition(
        Reason.ProofFailed,
        Visible.of(detail)
            + " The denial was taken away, and every registry can be pulled from. It is tried again"
            + " after an hour, or when its rules change or Tidewaiter is started again. Look for a setting of the runtime that goes"
            + " before its registry directories, and report it if there is none");
  }

  static Condition inconclusive(Proof.Inconclusive proof) {
    return new Condition(
        Reason.ProofInconclusive,
        "the denial is in force, but not shown to hold: " + Visible.of(proof.detail()));
  }
}
