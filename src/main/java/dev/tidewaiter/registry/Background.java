package dev.tidewaiter.registry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidewaiter.model.Defect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Slow questions, each in a thread of its own, at most one for a key and a bounded number in all:
/// whoever does not answer delays nobody else.
///
/// @param <K> by what questions are the same
final class Background<K> {
  private static final Logger LOG = LoggerFactory.getLogger(Background.class);

  /// Enough that those who never answer leave room for the others; each holds one connection.
  private static final int AT_A_TIME = 64;

  private final String name;
  private final Runnable late;
  private final Semaphore permits = new Semaphore(AT_A_TIME);

  @GuardedBy("this")
  private final Map<K, CompletableFuture<Void>> running = new HashMap<>();

  @GuardedBy("this")
  private final Set<K> unawaited = new HashSet<>();

  /// @param late called after the end of a question for which nobody waits any more
  Background(String name, Runnable late) {
    this.name = name;
    this.late = late;
  }

  /// Asks, unless the same is being asked.
  ///
  /// @param question asks and keeps the answer
  /// @param broken keeps, in place of an answer, that a defect ended the question
  synchronized void start(K key, Runnable question, Runnable broken) {
    if (running.putIfAbsent(key, new CompletableFuture<>()) == null) {
      Thread.ofVirtual().name(name).start(() -> run(key, question, broken));
    }
  }

  synchronized boolean isRunning(K key) {
    return running.containsKey(key);
  }

  /// Waits until none of these is being asked, but not longer than that, and only once for each.
  void await(Collection<K> keys, Duration patience) {
    try {
      CompletableFuture.allOf(futures(keys)).get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      leave(keys);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a question never ends like this", e);
    }
  }

  private synchronized CompletableFuture<?>[] futures(Collection<K> keys) {
    var futures = new ArrayList<CompletableFuture<?>>();
    for (K key : keys) {
      CompletableFuture<Void> future = running.get(key);
      if (future != null && !unawaited.contains(key)) {
        futures.add(future);
      }
    }
    return futures.toArray(CompletableFuture<?>[]::new);
  }

  private synchronized void leave(Collection<K> keys) {
    for (K key : keys) {
      if (running.containsKey(key)) {
        unawaited.add(key);
      }
    }
  }

  private void run(K key, Runnable question, Runnable broken) {
    try {
      permits.acquireUninterruptibly();
      try {
        question.run();
      } finally {
        permits.release();
      }
    } catch (RuntimeException | Error e) {
      LOG.atError().setMessage("defect").addKeyValue("thread", name).setCause(Defect.of(e)).log();
      broken.run();
    } finally {
      ended(key);
    }
  }

  private void ended(K key) {
    boolean wasLate;
    CompletableFuture<Void> future;
    synchronized (this) {
      future = running.remove(key);
      wasLate = unawaited.remove(key);
    }
    if (future != null) {
      future.complete(null);
    }
    if (wasLate) {
      late.run();
    }
  }
}
