package dev.tidewaiter.target.host;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Opens what others may replace by a FIFO after it was checked: it never waits for longer than
/// twice its limit.
///
/// Opening a FIFO for reading waits until somebody opens it for writing. `O_NONBLOCK` would not,
/// but the JDK does not have it; opening for both ends does not wait on Linux either, but makes
/// `inotify` tell of a file that was written (`IN_CLOSE_WRITE`), for which units of systemd restart
/// daemons. So a thread opens, one of the platform because a virtual one would take its carrier
/// along. When the limit is over, the other end is opened, once, to let it go.
///
/// If even that does not (the FIFO was moved out of reach), the thread stays until somebody lets it
/// go, and closes what it got. No second one starts for the same path meanwhile.
///
/// Source: fifo(7), inotify(7), systemd.path(5).
class Opener {
  private static final Executor THREADS =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("open").factory());

  private final Duration limit;
  private final Set<HostPath> stuck = ConcurrentHashMap.newKeySet();

  /// @param limit far above what opening takes on a slow disk
  Opener(Duration limit) {
    this.limit = limit;
  }

  /// A call that opens something.
  interface Opening<T extends Closeable> {
    T open() throws IOException;
  }

  /// Begins to open what is at a path.
  ///
  /// @throws HostFileException if an earlier thread still waits there
  <T extends Closeable> CompletableFuture<T> start(HostPath path, Opening<T> opening)
      throws IOException {
    if (stuck.contains(path)) {
      throw replaced(path);
    }
    var opened = new CompletableFuture<T>();
    THREADS.execute(
        () -> {
          try {
            opened.complete(opening.open());
          } catch (IOException | RuntimeException e) {
            opened.completeExceptionally(e);
          }
        });
    return opened;
  }

  /// Waits for what [#start] began.
  ///
  /// @param otherEnd opens the other end of a FIFO
  /// @throws HostFileException if it had to be let go
  <T extends Closeable> T await(
      HostPath path, CompletableFuture<T> opened, Opening<Closeable> otherEnd) throws IOException {
    try {
      return get(opened);
    } catch (TimeoutException _) {
      letGo(opened, otherEnd);
      abandon(path, opened);
      throw replaced(path);
    } catch (InterruptedIOException e) {
      abandon(path, opened);
      throw e;
    }
  }

  private <T extends Closeable> void letGo(
      CompletableFuture<T> opened, Opening<Closeable> otherEnd) {
    try (Closeable _ = otherEnd.open()) {
      T _ = get(opened);
    } catch (IOException | TimeoutException _) {
      // That it was replaced is said in any case.
    }
  }

  private void abandon(HostPath path, CompletableFuture<? extends Closeable> opened) {
    stuck.add(path);
    var _ =
        opened.whenComplete(
            (late, _) -> {
              closeQuietly(late);
              stuck.remove(path);
            });
  }

  private <T> T get(CompletableFuture<T> opened) throws IOException, TimeoutException {
    try {
      return opened.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException("opening failed", e.getCause());
    }
  }

  static HostFileException replaced(HostPath path) {
    return HostFileException.unsafe(path + ": it was replaced while it was opened.");
  }

  /// For what was only read, or never used: nothing is lost.
  static void closeQuietly(@Nullable Closeable opened) {
    try {
      if (opened != null) {
        opened.close();
      }
    } catch (IOException _) {
      // The descriptor is gone all the same.
    }
  }
}
