package dev.tidewaiter.reconcile;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs one task on demand, one run at a time: what is submitted while it runs is done together in
/// one more run. A task that waits for ever delays only its own worker.
///
/// A defect that ends a run is caught and logged here; the worker goes on.
final class Worker<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private final String name;
  private final Duration gathering;
  private final Setup setup;
  private final Consumer<Set<T>> task;

  @GuardedBy("this")
  private Set<T> pending = new LinkedHashSet<>();

  @GuardedBy("this")
  private boolean running;

  /// @param gathering how long after the first submission the run begins, so that a burst of them
  ///   becomes one
  Worker(String name, Duration gathering, Setup setup, Consumer<Set<T>> task) {
    this.name = name;
    this.gathering = gathering;
    this.setup = setup;
    this.task = task;
  }

  synchronized void submit(T item) {
    if (setup.stop().isRequested()) {
      return;
    }
    pending.add(item);
    if (!running) {
      running = true;
      Thread.ofVirtual().name(name).start(this::run);
    }
  }

  /// Waits until nothing runs.
  ///
  /// @param deadline of the monotonic clock
  /// @return whether that is so
  synchronized boolean awaitIdle(long deadline) throws InterruptedException {
    while (running) {
      long left = deadline - setup.nanos().getAsLong();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  private void run() {
    while (true) {
      if (!gathering.isZero()) {
        setup.stop().waitFor(gathering);
      }
      Set<T> batch = take();
      if (batch.isEmpty()) {
        return;
      }
      try {
        task.accept(batch);
      } catch (RuntimeException | Error e) {
        DefectLog.of(LOG, e).addKeyValue("worker", name).log();
      }
    }
  }

  private synchronized Set<T> take() {
    Set<T> batch = setup.stop().isRequested() ? Set.of() : pending;
    pending = new LinkedHashSet<>();
    if (batch.isEmpty()) {
      running = false;
      notifyAll();
    }
    return batch;
  }
}
