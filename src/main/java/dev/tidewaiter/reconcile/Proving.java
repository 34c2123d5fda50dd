package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Governance;
import dev.tidewaiter.desired.HostGovernance;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Plan;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.reconcile.activation.PolicyMemory;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.Target;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// The step of a whole cycle after the application: has the target show that the rules in force do
/// what they say, once for each process and set of rules, and again when one was written; on a host
/// also from time to time. What was shown is looked at each time for what others made of it since.
final class Proving {
  private static final Logger LOG = LoggerFactory.getLogger(Proving.class);

  private final Target target;
  private final PolicyMemory memory;
  private final Stop stop;

  Proving(Target target, PolicyMemory memory, Stop stop) {
    this.target = target;
    this.memory = memory;
    this.stop = stop;
  }

  /// @return empty if nothing has to be shown, or not everything is there that is declared
  Optional<Proof> after(Run run, Considered considered, List<Result> results) {
    if (results.stream().anyMatch(Proving::wroteRules)) {
      memory.changed();
    }
    Rules rules = rules(considered.compiled());
    if (rules == null
        || !rules.enforce()
        || !isAsked(considered)
        || !isComplete(run, considered, results)) {
      return Optional.empty();
    }
    Proof proof = memory.proofOf(rules.id).orElseGet(() -> prove(run, rules));
    return Optional.of(proof instanceof Proof.Proven ? unlessWeakened(run, rules, proof) : proof);
  }

  // Not remembered: it ends when what weakens it is gone.
  private Proof unlessWeakened(Run run, Rules rules, Proof proven) {
    Optional<Proof.Inconclusive> weakened =
        target.weakened(run.subject().environment(), rules.regime);
    return weakened.isPresent() ? weakened.get() : proven;
  }

  // Under another root nothing runs that could show anything, and the status says that nothing was
  // asked.
  private static boolean isAsked(Considered considered) {
    return considered.runtimes().isEmpty()
        || considered.runtimes().stream()
            .anyMatch(runtime -> runtime.governs() && !runtime.version().isEmpty());
  }

  /// What is to be shown.
  ///
  /// @param id by which a proof is remembered
  /// @param regime without what only warns or audits
  private record Rules(String id, Regime regime) {
    boolean enforce() {
      return !regime.rules().isOpen() || regime.defaultRegistry() != null;
    }
  }

  private static @Nullable Rules rules(Compiled compiled) {
    Governance governance = compiled.governance();
    HostGovernance host = compiled.hostGovernance();
    if (governance != null) {
      return new Rules(governance.id(), Effective.enforced(governance, compiled));
    }
    return host == null ? null : new Rules(host.id(), Effective.enforced(host, compiled));
  }

  private Proof prove(Run run, Rules rules) {
    long events = memory.events();
    Proof proof = target.prove(run.subject().environment(), rules.regime);
    memory.proved(rules.id, proof, events);
    LOG.atLevel(proof instanceof Proof.Proven ? Level.INFO : Level.WARN)
        .setMessage("policy tried")
        .addKeyValue("cycle", run.cycle())
        .addKeyValue("environment", run.subject().environment())
        .addKeyValue("target", run.subject().target())
        .addKeyValue("proof", proof.getClass().getSimpleName())
        .addKeyValue("detail", detail(proof))
        .log();
    return proof;
  }

  private static String detail(Proof proof) {
    return switch (proof) {
      case Proof.Proven() -> "";
      case Proof.Inconclusive(String detail) -> detail;
      case Proof.Refuted(String detail, _) -> detail;
    };
  }

  // Only what is there as declared can be expected to do what is declared.
  private boolean isComplete(Run run, Considered considered, List<Result> results) {
    Plan plan = considered.plan();
    return run.trigger().isWhole()
        && considered.enforcing().isDeclared()
        && considered.notes().stream().noneMatch(note -> note.reason() == Reason.PoliciesUnknown)
        && !stop.isRequested()
        && results.size() == plan.changes().size()
        && results.stream().noneMatch(result -> governs(result.change().id()) && !result.isDone())
        && Stream.of(plan.held(), plan.frozen(), plan.denials())
            .flatMap(List::stream)
            .noneMatch(change -> governs(change.id()))
        && plan.conflicts().stream().noneMatch(conflict -> governs(conflict.id()))
        && considered.contended().keySet().stream().noneMatch(Proving::governs);
  }

  /// Whether a limited cycle wrote what only a whole one shows to hold: a new denial of a cluster
  /// is left to a whole one anyway.
  static boolean isDueAfter(CycleReport limited) {
    return limited.results().stream()
        .anyMatch(result -> wroteRules(result) && result.change().id().kind().isOfHosts());
  }

  private static boolean wroteRules(Result result) {
    return result.outcome() instanceof Outcome.Applied && governs(result.change().id());
  }

  private static boolean governs(ResourceId id) {
    return id.kind().governs();
  }
}
