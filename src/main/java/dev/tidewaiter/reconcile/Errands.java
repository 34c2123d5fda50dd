package dev.tidewaiter.reconcile;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Work that may take long, each in a thread of its own, at most one for a key and a bounded number
/// in all. Who asks waits for a while and then goes on without it; so does the work, and what it
/// came to is there for who asks next.
///
/// Nothing is interrupted, since what only computes would not notice. For its sake the threads are
/// the platform's, where a virtual one would keep its carrier from all others. They end with the
/// process.
final class Errands<K, V> {
  private final String name;
  private final int atATime;
  private final Runnable late;

  @GuardedBy("this")
  private final Map<K, Errand> errands = new HashMap<>();

  /// @param late called, from any thread, after the end of what somebody waited for in vain
  Errands(String name, int atATime, Runnable late) {
    this.name = name;
    this.atATime = atATime;
    this.late = late;
  }

  /// Does the work, unless the same is being done or was, and waits for its end, but only once so
  /// long.
  ///
  /// @return what it came to; empty if it goes on, or too much else does
  /// @throws ExecutionException what ended it instead
  Optional<V> ask(K key, Callable<V> work, Duration patience) throws ExecutionException {
    Errand errand = started(key, work);
    if (errand == null || !errand.endsWithin(patience)) {
      return Optional.empty();
    }
    return Optional.of(taken(key, errand).result());
  }

  private synchronized @Nullable Errand started(K key, Callable<V> work) {
    Errand known = errands.get(key);
    if (known != null) {
      return known;
    }
    // What ended meanwhile was asked for by nobody any more.
    errands.values().removeIf(Errand::isDone);
    if (errands.size() >= atATime) {
      return null;
    }
    var errand = new Errand(work);
    Thread.ofPlatform().daemon().name(name).start(errand);
    errands.put(key, errand);
    return errand;
  }

  private synchronized Errand taken(K key, Errand errand) {
    errands.remove(key, errand);
    return errand;
  }

  private final class Errand extends FutureTask<V> {
    private volatile boolean left;

    Errand(Callable<V> work) {
      super(work);
    }

    boolean endsWithin(Duration patience) {
      try {
        get(left ? 0 : patience.toNanos(), TimeUnit.NANOSECONDS);
        return true;
      } catch (ExecutionException _) {
        return true;
      } catch (TimeoutException _) {
        leave();
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        leave();
        return false;
      }
    }

    // It may end between the two lines of either; then both say so.
    private void leave() {
      left = true;
      if (isDone()) {
        late.run();
      }
    }

    @Override
    protected void done() {
      if (left) {
        late.run();
      }
    }

    V result() throws ExecutionException {
      try {
        return get();
      } catch (InterruptedException e) {
        throw new IllegalStateException("it has ended", e);
      }
    }
  }
}
