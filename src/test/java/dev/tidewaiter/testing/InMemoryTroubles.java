package dev.tidewaiter.testing;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.target.Outcome;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// What goes wrong with changes on a target in memory, by resource or by scope.
final class InMemoryTroubles {
  private final Map<String, Outcome> failing = new HashMap<>();
  private final Map<String, CountDownLatch> hanging = new HashMap<>();

  /// @param place the id of a resource, or a scope
  synchronized void fail(String place, Outcome outcome) {
    failing.put(place, outcome);
  }

  synchronized void hang(String scope) {
    hanging.put(scope, new CountDownLatch(1));
  }

  synchronized void heal(String scope) {
    failing.remove(scope);
    CountDownLatch latch = hanging.remove(scope);
    if (latch != null) {
      latch.countDown();
    }
  }

  /// What changes of a resource come to; empty for success.
  synchronized Optional<Outcome> failure(ResourceId id) {
    return Optional.ofNullable(failing.getOrDefault(id.toString(), failing.get(id.scope())));
  }

  /// Returns when the scope hangs no more.
  void await(String scope) {
    @Nullable CountDownLatch latch;
    synchronized (this) {
      latch = hanging.get(scope);
    }
    try {
      if (latch != null) {
        latch.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
