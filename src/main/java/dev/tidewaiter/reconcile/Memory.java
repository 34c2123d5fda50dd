package dev.tidewaiter.reconcile;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.reconcile.activation.PolicyMemory;
import dev.tidewaiter.target.Target;
import dev.tidewaiter.target.TargetException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the cycles of one environment on one target remember of each other. Nothing depends on it
/// but when things are tried again: it is lost with the process.
final class Memory {
  final Fights fights;
  final Scopes scopes;
  final PolicyMemory policies;

  @GuardedBy("this")
  private Set<ResourceId> prepared = Set.of();

  private final AtomicReference<@Nullable Revision> lastApplied = new AtomicReference<>();

  Memory(InstantSource clock, RandomGenerator random) {
    this.fights = new Fights(clock);
    this.scopes = new Scopes(clock, random);
    this.policies = new PolicyMemory(clock);
  }

  /// Prepares the target for what is desired. A limited cycle desires only a part, so it adds its
  /// part to what the last whole one desired, and only if that brings a new name.
  synchronized void prepare(
      Target target, String environment, Set<ResourceId> desired, Trigger trigger)
      throws TargetException {
    if (trigger.isWhole()) {
      target.prepare(environment, desired);
      prepared = desired;
      return;
    }
    if (!names(prepared).containsAll(names(desired))) {
      var all = new HashSet<>(prepared);
      all.addAll(desired);
      target.prepare(environment, all);
      prepared = all;
    }
  }

  private static Set<String> names(Set<ResourceId> ids) {
    return ids.stream().map(ResourceId::name).collect(Collectors.toSet());
  }

  @Nullable Revision lastApplied() {
    return lastApplied.get();
  }

  void applied(Revision revision) {
    lastApplied.set(revision);
  }
}
