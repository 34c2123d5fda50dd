package dev.tidewaiter.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/// Waits until something is so, and says how long it took; never a fixed pause in its place.
public final class Await {
  private static final Duration STEP = Duration.ofMillis(20);

  private Await() {}

  /// Waits until assertions hold.
  ///
  /// @return how long that took
  /// @throws AssertionError the last one, if they do not hold in time
  public static Duration until(Duration limit, ThrowingCallable assertions) {
    long start = System.nanoTime();
    while (true) {
      @Nullable Throwable last = failure(assertions);
      var elapsed = Duration.ofNanos(System.nanoTime() - start);
      if (last == null) {
        return elapsed;
      }
      if (elapsed.compareTo(limit) > 0) {
        throw new AssertionError("not so after " + limit + ": " + last.getMessage(), last);
      }
      pause();
    }
  }

  /// Waits until a condition is true.
  public static Duration untilTrue(Duration limit, String what, Callable<Boolean> condition) {
    return until(
        limit,
        () -> {
          if (!condition.call()) {
            throw new AssertionError(what);
          }
        });
  }

  private static @Nullable Throwable failure(ThrowingCallable assertions) {
    try {
      assertions.call();
      return null;
    } catch (Throwable e) {
      return e;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(STEP);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
