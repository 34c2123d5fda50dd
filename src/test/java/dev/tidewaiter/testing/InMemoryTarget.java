package dev.tidewaiter.testing;

import dev.tidewaiter.desired.Admission;
import dev.tidewaiter.desired.Compiled.Payloads;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.Workload;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.StillNamed;
import dev.tidewaiter.target.Target;
import dev.tidewaiter.target.TargetEvent;
import dev.tidewaiter.target.TargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A cluster or a host in memory, with pull Secrets and policies that belong to an environment and
/// ServiceAccounts that belong to somebody else. It outlives the processes that use it: each seals
/// with its own key.
public final class InMemoryTarget implements Target {
  public final InMemoryPods pods = new InMemoryPods();
  public final InMemoryProofs proofs = new InMemoryProofs();
  private final String name;
  private final List<RuntimeFacts> runtimes;
  private Sealer sealer;
  private final SortedMap<String, Surroundings.Namespace> namespaces = new TreeMap<>();
  private final StoredThings things = new StoredThings();
  private final InMemoryTroubles troubles = new InMemoryTroubles();
  private final List<Change> applied = new ArrayList<>();
  private Consumer<Change> afterApplied = change -> {};
  private @Nullable Consumer<TargetEvent> listener;
  private final List<Workload> workloads = new ArrayList<>();
  private Admission admission = Admission.none("v1.29.0");
  private int timesAsked;
  private boolean knowsWorkloads = true;
  private String unseenPolicies = "";
  private String deniedName = "";
  private boolean away;

  public InMemoryTarget(String cluster, Sealer sealer) {
    this("cluster/" + cluster, sealer, List.of());
  }

  private InMemoryTarget(String name, Sealer sealer, List<RuntimeFacts> runtimes) {
    this.name = name;
    this.sealer = sealer;
    this.runtimes = runtimes;
  }

  /// A host with the label `role: worker`, and root as its only user.
  public static InMemoryTarget host(String name, Sealer sealer, RuntimeFacts... runtimes) {
    return new InMemoryTarget("host/" + name, sealer, List.of(runtimes));
  }

  public boolean isHost() {
    return !runtimes.isEmpty();
  }

  /// Another process seals with another key.
  public synchronized void restart(Sealer newSealer) {
    sealer = newSealer;
    listener = null;
  }

  public void addNamespace(String namespace) {
    addNamespace(namespace, "");
  }

  /// @param project of Rancher, known by annotation only; empty for none
  public void addNamespace(String namespace, String project) {
    addNamespace(namespace, Map.of(), project);
  }

  public void addLabelled(String namespace, Map<String, String> labels) {
    addNamespace(namespace, labels, "");
  }

  private synchronized void addNamespace(
      String namespace, Map<String, String> labels, String project) {
    namespaces.put(
        namespace,
        new Surroundings.Namespace(
            namespace, labels, project, false, List.of("default"), List.of()));
    emit(namespace, "namespace appeared");
  }

  /// Somebody deletes a Secret.
  public synchronized void delete(ResourceId id) {
    things.remove(id);
    emit(id.scope(), "Secret deleted");
  }

  /// Somebody else's Secret.
  public synchronized void addForeign(ResourceId id) {
    things.addForeign(id, "auths/other.example", "not ours: must stay");
  }

  /// Somebody who may write in a namespace makes it look as if another owned something there.
  public synchronized void claim(String namespace, String owner) {
    namespaces.computeIfPresent(
        namespace,
        (name, was) ->
            new Surroundings.Namespace(
                name,
                was.labels(),
                was.projectId(),
                was.terminating(),
                was.serviceAccounts(),
                List.of(owner)));
  }

  public synchronized void setAway(boolean isAway) {
    away = isAway;
  }

  /// From now on it has policies at admission, as the newest servers have.
  public synchronized void admit() {
    admission = new Admission(true, Admission.Mutating.V1, "v1.36.3");
  }

  /// From now on it says that it has no policies, and shows them all the same: as several servers
  /// do, of which some have them.
  public synchronized void denyThatItAdmits() {
    admission = Admission.none("v1.29.0");
  }

  /// From now on policies cannot be observed for this reason; empty: they can.
  public synchronized void hidePolicies(String reason) {
    unseenPolicies = reason;
  }

  /// From now on pull Secrets of this name may not be looked at; empty: all may.
  public synchronized void deny(String secretName) {
    deniedName = secretName;
  }

  private boolean isDenied(ResourceId id) {
    return id.kind() == ResourceKind.PULL_SECRET && id.name().equals(deniedName);
  }

  /// Something runs from now on.
  public synchronized void run(Workload workload) {
    workloads.add(workload);
  }

  public synchronized void stopAll() {
    workloads.clear();
  }

  /// Whether it can be told what runs.
  public synchronized void setKnowsWorkloads(boolean knows) {
    knowsWorkloads = knows;
  }

  /// Somebody else does something in a scope that changes nothing of ours.
  public synchronized void stir(String scope) {
    emit(scope, "file changed");
  }

  /// Changes of one resource come to this from now on.
  public void failOn(ResourceId id, Outcome outcome) {
    troubles.fail(id.toString(), outcome);
  }

  /// Changes in a scope come to this from now on.
  public void failIn(String scope, Outcome outcome) {
    troubles.fail(scope, outcome);
  }

  public void heal(String scope) {
    troubles.heal(scope);
  }

  /// Changes in a scope are not answered until it is healed.
  public void hangIn(String scope) {
    troubles.hang(scope);
  }

  /// Called after each change, without a lock.
  public synchronized void afterApplied(Consumer<Change> action) {
    afterApplied = action;
  }

  public synchronized Optional<Set<String>> fieldsOf(ResourceId id) {
    return things.has(id) ? Optional.of(things.texts(id).keySet()) : Optional.empty();
  }

  /// The text of a field as it was written; empty for none.
  public synchronized String textOf(ResourceId id, String field) {
    return things.texts(id).getOrDefault(field, "");
  }

  /// The fields of a resource; empty if it is not there.
  public synchronized SortedMap<String, String> textsOf(ResourceId id) {
    return things.texts(id);
  }

  /// Names of policies and bindings of a kind.
  public synchronized List<String> named(ResourceKind kind) {
    return things.ids().stream().filter(id -> id.kind() == kind).map(ResourceId::name).toList();
  }

  /// How often it was asked what runs.
  public synchronized int timesAsked() {
    return timesAsked;
  }

  /// How many resources have anything of ours.
  public synchronized long owned() {
    return things.ids().stream().filter(id -> !things.owners(id).isEmpty()).count();
  }

  public synchronized List<Change> applied() {
    return List.copyOf(applied);
  }

  // The port.

  @Override
  public String name() {
    return name;
  }

  @Override
  public synchronized Surroundings surroundings() throws TargetException {
    answer();
    if (isHost()) {
      return new Surroundings.Host(
          Map.of("role", "worker"), runtimes, Map.of("root", "/root"), List.copyOf(environments()));
    }
    var all = new TreeMap<String, Surroundings.Namespace>();
    namespaces.forEach((key, namespace) -> all.put(key, things.withOwners(namespace)));
    return new Surroundings.Cluster(all, admission);
  }

  @Override
  public synchronized void prepare(String environment, Set<ResourceId> desired)
      throws TargetException {
    answer();
    pods.revive(desired);
  }

  @Override
  public synchronized List<ObservedResource> observe(
      String environment, Set<ResourceId> desired, BiConsumer<String, String> denied)
      throws TargetException {
    answer();
    if (!deniedName.isEmpty()) {
      denied.accept(deniedName, name + ": cannot list secrets named " + deniedName + ".");
    }
    return observed(environment, desired)
        .filter(one -> !isPolicy(one) && !isDenied(one.id()))
        .toList();
  }

  @Override
  public synchronized List<ObservedResource> observePolicies(
      String environment, Set<ResourceId> desired) throws TargetException {
    answer();
    if (!unseenPolicies.isEmpty()) {
      throw new TargetException(unseenPolicies, true, null);
    }
    return observed(environment, desired).filter(InMemoryTarget::isPolicy).toList();
  }

  private Stream<ObservedResource> observed(String environment, Set<ResourceId> desired) {
    return things.ids().stream()
        .filter(id -> desired.contains(id) || things.owners(id).contains(environment))
        .map(id -> things.observed(environment, id, sealer));
  }

  private static boolean isPolicy(ObservedResource one) {
    return one.id().scope().equals(ResourceId.CLUSTER_WIDE);
  }

  @Override
  public synchronized List<Workload> workloads(Set<String> inNamespaces) throws TargetException {
    timesAsked++;
    if (!knowsWorkloads) {
      throw new TargetException("pods may not be listed in shop", false, null);
    }
    return workloads.stream().filter(one -> inNamespaces.contains(one.namespace())).toList();
  }

  @Override
  public Optional<Proof.Inconclusive> weakened(String environment, Regime regime) {
    return proofs.weakness();
  }

  @Override
  public Proof prove(String environment, Regime regime) {
    return proofs.of(regime);
  }

  @Override
  public StillNamed lingering(String environment, Set<ResourceId> candidates) {
    return pods.naming(candidates);
  }

  @Override
  public void retire(String environment, Set<ResourceId> lingering) {
    pods.retire(lingering);
  }

  @Override
  public synchronized Set<String> environments() throws TargetException {
    answer();
    return things.owners();
  }

  @Override
  public Outcome apply(String environment, Change change, Payloads payloads) {
    troubles.await(change.id().scope());
    Consumer<Change> after;
    synchronized (this) {
      Optional<Outcome> failure = troubles.failure(change.id());
      if (failure.isPresent()) {
        return failure.get();
      }
      if (isDenied(change.id())) {
        return new Outcome.Failed(Outcome.FailureReason.AccessDenied, "may not list it", null);
      }
      things.carryOut(environment, change, payloads);
      applied.add(change);
      after = afterApplied;
    }
    after.accept(change);
    return new Outcome.Applied();
  }

  @Override
  public synchronized Outcome release(String environment, ResourceId id) {
    return things.release(id) ? new Outcome.Applied() : new Outcome.Unchanged("not there");
  }

  @Override
  public Optional<String> otherWriter(ResourceId id) {
    return Optional.of("the reverter");
  }

  @Override
  public synchronized void watch(Consumer<TargetEvent> newListener) {
    listener = newListener;
  }

  @Override
  public void close() {}

  private void answer() throws TargetException {
    if (away) {
      throw new TargetException("no answer", false, null);
    }
  }

  private void emit(String scope, String reason) {
    if (listener != null) {
      listener.accept(new TargetEvent(scope, reason));
    }
  }
}
