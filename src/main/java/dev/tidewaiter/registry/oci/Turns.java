package dev.tidewaiter.registry.oci;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Who may be asked when: a probe must not look like an attack, lock an account or use up a
/// registry's limit of requests.
///
/// At most [#AT_ONCE] questions are under way, one of them to any one registry, and no registry is
/// asked more than [#PER_MINUTE] times in a minute. One that answers 429 is left alone for as long
/// as it asks, at most [#LONGEST_REST]. A question waits for its turn no longer than for its
/// answer.
final class Turns {
  static final int AT_ONCE = 16;
  static final int PER_MINUTE = 30;
  static final Duration LONGEST_REST = Duration.ofMinutes(10);
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final LongSupplier nanoTime;
  private final Semaphore all = new Semaphore(AT_ONCE, true);
  private final Map<String, Host> hosts = new ConcurrentHashMap<>();

  /// @param nanoTime monotonic, as `System::nanoTime`
  Turns(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  sealed interface Admission {
    /// Over when it is closed.
    record Turn(Turns turns, Host host) implements Admission, AutoCloseable {
      void rest(Duration asked) {
        host.rest(turns.nanoTime.getAsLong(), asked);
      }

      @Override
      public void close() {
        turns.all.release();
        host.one.release();
      }
    }

    /// We ask too much already.
    record NotNow(String reason) implements Admission {}

    /// The registry wants to be left alone.
    record Resting(String reason) implements Admission {}
  }

  Admission take(String name) {
    Host host = hosts.computeIfAbsent(name, _ -> new Host());
    long patience = Wire.STEP.toNanos();
    try {
      if (!host.one.tryAcquire(patience, TimeUnit.NANOSECONDS)) {
        return new Admission.NotNow("it is still busy with an earlier question");
      }
      if (!all.tryAcquire(patience, TimeUnit.NANOSECONDS)) {
        host.one.release();
        return new Admission.NotNow("too many other registries are being asked");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Admission.NotNow("interrupted");
    }
    var turn = new Admission.Turn(this, host);
    Admission obstacle = host.begin(nanoTime.getAsLong());
    if (obstacle == null) {
      return turn;
    }
    turn.close();
    return obstacle;
  }

  /// A registry, with when it was asked.
  static final class Host {
    private final Semaphore one = new Semaphore(1, true);

    @GuardedBy("this")
    private final Deque<Long> begun = new ArrayDeque<>();

    @GuardedBy("this")
    private long restsFrom;

    @GuardedBy("this")
    private long rest;

    /// Null if a question may begin, else why not.
    synchronized @Nullable Admission begin(long now) {
      if (rest > 0 && now - restsFrom < rest) {
        return new Admission.Resting("it asked to be left alone for a while");
      }
      while (!begun.isEmpty() && now - begun.getFirst() >= MINUTE) {
        begun.removeFirst();
      }
      if (begun.size() >= PER_MINUTE) {
        return new Admission.NotNow("it was asked " + PER_MINUTE + " times within a minute");
      }
      begun.addLast(now);
      return null;
    }

    synchronized void rest(long now, Duration asked) {
      restsFrom = now;
      rest = (asked.compareTo(LONGEST_REST) < 0 ? asked : LONGEST_REST).toNanos();
    }
  }
}
