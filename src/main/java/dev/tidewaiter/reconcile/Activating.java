package dev.tidewaiter.reconcile;

import dev.tidewaiter.desired.Enforcing;
import dev.tidewaiter.desired.Governance;
import dev.tidewaiter.desired.HostGovernance;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.reconcile.activation.Activation;
import dev.tidewaiter.reconcile.activation.Enforced;
import dev.tidewaiter.reconcile.activation.Judgement;
import dev.tidewaiter.reconcile.activation.Policies;
import dev.tidewaiter.reconcile.activation.PolicyMemory;
import dev.tidewaiter.reconcile.activation.Tightening;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.Target;
import dev.tidewaiter.target.TargetException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The step of a cycle after the plan: decides how far the denials of an environment may go now.
///
/// Workloads are asked for only when a plan over the whole target may deny what was admitted; a
/// limited cycle goes by what the last whole one decided, or leaves the denials to the next.
final class Activating {
  private final Target target;
  private final Policies policies;
  private final PolicyMemory memory;

  Activating(Target target, Policies policies, PolicyMemory memory) {
    this.target = target;
    this.policies = policies;
    this.memory = memory;
  }

  /// @param observed in the covered scopes
  /// @param contended resources that are left alone because another writer reverts them
  record Scene(
      Trigger trigger,
      Surroundings surroundings,
      List<ObservedResource> observed,
      Set<ResourceId> contended) {}

  Planned decide(Scene scene, Planned.Planning planning) {
    Planned declared = planning.as(Enforcing.AS_DECLARED);
    HostGovernance host = declared.compiled().hostGovernance();
    if (host != null) {
      if (scene.trigger().isWhole()) {
        memory.forgetOld();
      }
      return rolledBack(host.id(), planning, HostConditions::refuted).orElse(declared);
    }
    Governance governance = declared.compiled().governance();
    if (governance == null || !scene.trigger().covers(ResourceId.CLUSTER_WIDE)) {
      return declared;
    }
    Optional<Planned> back = rolledBack(governance.id(), planning, PolicyConditions::refuted);
    return back.orElseGet(() -> activate(scene, declared, governance, planning));
  }

  /// @param rules by which a proof is remembered
  /// @return empty if it was not shown that they fail
  private Optional<Planned> rolledBack(
      String rules, Planned.Planning planning, Function<String, Condition> condition) {
    return memory.proofOf(rules).orElse(null) instanceof Proof.Refuted(String detail, var scopes)
        ? Optional.of(planning.as(Enforcing.rolledBack(scopes)).noting(condition.apply(detail)))
        : Optional.empty();
  }

  private Planned activate(
      Scene scene, Planned declared, Governance governance, Planned.Planning planning) {
    var enforced = Enforced.of(policies.inForce(), scene.observed());
    var tightening = new Tightening(policies, enforced);
    if (!governance.denies() || !tightening.isIn(declared.plan())) {
      memory.releasedHold();
      return declared;
    }
    if (scene.trigger().isWhole()) {
      Activation activation = judge(scene, declared, governance, enforced);
      return activation.held()
          ? hold(governance, tightening, planning, activation)
          : activate(declared, activation);
    }
    return memory
        .heldFor(governance.id())
        .map(activation -> hold(governance, tightening, planning, activation))
        .orElseGet(() -> leave(declared, tightening));
  }

  private Activation judge(
      Scene scene, Planned declared, Governance governance, Enforced enforced) {
    if (!(scene.surroundings() instanceof Surroundings.Cluster(var namespaces, _))) {
      throw new IllegalStateException("only a cluster governs images");
    }
    try {
      var workloads = target.workloads(Set.copyOf(governance.namespaces()));
      Enforced after = Effective.after(declared, policies, scene.observed(), scene.contended());
      return new Judgement(governance, after, enforced, namespaces).of(workloads);
    } catch (TargetException e) {
      return Judgement.withoutWorkloads(String.valueOf(e.getMessage()));
    }
  }

  private Planned activate(Planned declared, Activation activation) {
    memory.releasedHold();
    return declared.because(activation);
  }

  private Planned hold(
      Governance governance,
      Tightening tightening,
      Planned.Planning planning,
      Activation activation) {
    memory.held(governance.id(), activation);
    Planned candidate = planning.as(Enforcing.CANDIDATE);
    return candidate.holding(tightening.hold(candidate.plan())).because(activation);
  }

  private static Planned leave(Planned declared, Tightening tightening) {
    return declared
        .holding(tightening.hold(declared.plan()))
        .noting(
            new Condition(
                Reason.Reconciling, "new denials are left to a cycle over the whole target"));
  }
}
