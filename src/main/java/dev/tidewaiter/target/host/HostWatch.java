package dev.tidewaiter.target.host;

import dev.tidewaiter.model.Defect;
import dev.tidewaiter.target.TargetEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells what happens in the directories of a host: one event per runtime after the changes have
/// paused for [#PAUSE]. Our own renames are events too, and the cycle they start finds nothing to
/// do.
final class HostWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HostWatch.class);
  private static final Duration PAUSE = Duration.ofMillis(200);

  /// A directory that never rests must not keep the event back for ever.
  private static final int MAX_PAUSES = 10;

  /// When what could not be watched is tried again.
  private static final Duration RETRY = Duration.ofMinutes(1);

  private final WatchedDirectories directories;
  private final Consumer<TargetEvent> listener;
  private final Trials trials;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable WatchService service;

  /// How a watch is opened, of which a system has few, so that other programs may hold all.
  ///
  /// @param pause until it is tried again
  record Trials(Opening opening, Duration pause) {}

  /// One trial.
  interface Opening {
    WatchService open() throws IOException;
  }

  private HostWatch(WatchedDirectories directories, Consumer<TargetEvent> listener, Trials trials) {
    this.directories = directories;
    this.listener = listener;
    this.trials = trials;
  }

  /// Where nothing can be watched, or not everything, the rest is; the cycles over the whole host
  /// see what happened meanwhile.
  static HostWatch start(WatchedDirectories directories, Consumer<TargetEvent> listener) {
    return start(
        directories, listener, new Trials(FileSystems.getDefault()::newWatchService, RETRY));
  }

  static HostWatch start(
      WatchedDirectories directories, Consumer<TargetEvent> listener, Trials trials) {
    var watch = new HostWatch(directories, listener, trials);
    try {
      var _ = directories.register(watch.open());
    } catch (IOException e) {
      WatchedDirectories.warn(e);
    }
    Thread.ofVirtual().name("host-watch").start(watch::run);
    return watch;
  }

  private WatchService open() throws IOException {
    WatchService opened = trials.opening().open();
    service = opened;
    if (isClosed()) {
      opened.close();
    }
    return opened;
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void run() {
    try {
      while (!isClosed()) {
        turn();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ClosedWatchServiceException _) {
      // Closed on purpose.
    }
  }

  private void turn() throws InterruptedException {
    try {
      WatchService current = service;
      Set<String> changed = current == null ? afterAnotherTrial() : afterAnEvent(current);
      changed.forEach(scope -> listener.accept(new TargetEvent(scope, "file changed")));
    } catch (ClosedWatchServiceException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.atError()
          .setMessage("defect")
          .addKeyValue("thread", "host-watch")
          .setCause(Defect.of(e))
          .log();
    }
  }

  // Anything may have happened before it succeeded. That it fails was said the first time.
  private Set<String> afterAnotherTrial() throws InterruptedException {
    if (closed.await(trials.pause().toMillis(), TimeUnit.MILLISECONDS)) {
      return Set.of();
    }
    try {
      var _ = directories.register(open());
      return directories.scopes();
    } catch (IOException _) {
      return Set.of();
    }
  }

  private Set<String> afterAnEvent(WatchService current) throws InterruptedException {
    var changed = new HashSet<String>();
    WatchKey first = directories.areComplete() ? current.take() : next(current, trials.pause());
    if (first != null) {
      changed.addAll(directories.drain(first));
    }
    // A key that is taken and not drained would tell nothing ever again.
    for (int pauses = 0; pauses < MAX_PAUSES; pauses++) {
      WatchKey key = next(current, PAUSE);
      if (key == null) {
        break;
      }
      changed.addAll(directories.drain(key));
    }
    changed.addAll(directories.register(current));
    return changed;
  }

  private static @Nullable WatchKey next(WatchService service, Duration pause)
      throws InterruptedException {
    return service.poll(pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    closed.countDown();
    WatchService open = service;
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
