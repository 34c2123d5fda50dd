package dev.tidewaiter.target;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.Workload;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// A cluster or a host: what is there, and how one change is carried out.
///
/// Safe for use by many threads; changes of one scope are applied one after the other by the
/// caller.
public interface Target extends AutoCloseable {
  /// `cluster/prod-eu` or `host/build-1`; unique within the daemon.
  String name();

  /// What declarations select from: namespaces with their ServiceAccounts, or the host's labels,
  /// runtimes and users.
  ///
  /// What a cluster can enforce is what it said last, or all that there is, while it does not say:
  /// then its policies cannot be observed either.
  ///
  /// @throws TargetException if the rest cannot be told completely: nothing may then be planned
  Surroundings surroundings() throws TargetException;

  /// Says which pull Secrets and the like will be asked for, so that watches can be set up and the
  /// inventory knows their names; but those that may not be looked at. Idempotent.
  ///
  /// @throws TargetException if the inventory cannot be written: nothing new may then be created
  void prepare(String environment, Set<ResourceId> desired) throws TargetException;

  /// Everything that is ours for an environment, and whatever stands at the ids that are desired;
  /// but policies, which [#observePolicies] tells, and pull Secrets of names that may not be looked
  /// at: nothing of them is told, so they are neither pruned nor overwritten, and all else is.
  ///
  /// @param denied told each of these names, and why, in one sentence for people
  /// @throws TargetException if the rest cannot be told completely: nothing may then be planned,
  ///   because what is not seen would be pruned or overwritten
  List<ObservedResource> observe(
      String environment, Set<ResourceId> desired, BiConsumer<String, String> denied)
      throws TargetException;

  /// The policies that are ours for an environment, and whatever stands at the ids that are
  /// desired. Apart from the rest, because credentials must not wait for the sight of policies: it
  /// may need rights that an older manifest did not give. Hosts have none.
  ///
  /// @throws TargetException if it cannot be told completely: nothing may then be planned for
  ///   policies
  default List<ObservedResource> observePolicies(String environment, Set<ResourceId> desired)
      throws TargetException {
    return List.of();
  }

  /// Which of these pull Secrets, ours but no longer desired, pods of their namespaces still name;
  /// each for at most 24 hours since [#retire]. Touches nothing. Hosts have none.
  StillNamed lingering(String environment, Set<ResourceId> candidates);

  /// Writes down on each of these pull Secrets that it lingers from now on, unless it says so
  /// already. Where that fails it is logged, and its time has not begun.
  void retire(String environment, Set<ResourceId> lingering);

  /// Environments of this instance that own anything here, declared or not.
  Set<String> environments() throws TargetException;

  /// Carries one change out, idempotently, with what it changes as precondition.
  ///
  /// @return what came of it; never throws for the target's sake
  Outcome apply(String environment, Change change, Compiled.Payloads payloads);

  /// What runs, or will be started again, in these namespaces: pods, Deployments, StatefulSets,
  /// DaemonSets, Jobs, CronJobs and bare ReplicaSets that are not at their end. Asked for, page by
  /// page, and never watched; a pod that another of these owns is not listed again. Hosts have
  /// none.
  ///
  /// @throws TargetException if it cannot be told completely: no denial may then be activated
  List<Workload> workloads(Set<String> namespaces) throws TargetException;

  /// Shows with pods that are never made (dry-run) that what was applied for an environment does
  /// what its rules say: one image that is admitted, one that is denied, one that moves. Takes a
  /// few seconds, because a cluster takes policies up in its own time.
  ///
  /// @param regime what should be enforced: without rules that only audit or warn
  Proof prove(String environment, Regime regime);

  /// What others have put there that weakens what was proven for an environment. It is looked for
  /// without asking anything that runs, so it is cheap. Clusters have none.
  default Optional<Proof.Inconclusive> weakened(String environment, Regime regime) {
    return Optional.empty();
  }

  /// Who else wrote a resource last, in words, as far as the target tells; for the report on a
  /// fight.
  default Optional<String> otherWriter(ResourceId id) {
    return Optional.empty();
  }

  /// Makes a resource nobody's: our marks go, its content stays.
  Outcome release(String environment, ResourceId id);

  /// Calls back when something happened that a cycle should look at. Starts watching; called once.
  void watch(Consumer<TargetEvent> listener);

  @Override
  void close();
}
