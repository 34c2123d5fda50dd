package dev.tidewaiter.reconcile;

import dev.tidewaiter.model.Revision;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What the cycles of one environment on one target remember of each other. Nothing depends on it
/// but when things are tried again: it is lost with the process.
final class Memory {
  final Fights fights;
  final Scopes scopes;
  private final AtomicReference<@Nullable Revision> lastApplied = new AtomicReference<>();

  Memory(InstantSource clock, RandomGenerator random) {
    this.fights = new Fights(clock);
    this.scopes = new Scopes(clock, random);
  }

  @Nullable Revision lastApplied() {
    return lastApplied.get();
  }

  void applied(Revision revision) {
    lastApplied.set(revision);
  }
}
