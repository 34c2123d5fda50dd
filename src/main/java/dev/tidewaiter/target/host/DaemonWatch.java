package dev.tidewaiter.target.host;

import dev.tidewaiter.target.TargetEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks runtimes again and again what their daemons show, because no file changes when a daemon is
/// started again or takes other settings up.
///
/// One event per runtime whose answer is another than its last. A daemon that cannot be asked is no
/// event; what it says afterwards is compared with what it said before. A defect of one runtime
/// ends the watch of none.
final class DaemonWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DaemonWatch.class);

  private final List<HostRuntime> runtimes;
  private final Consumer<TargetEvent> listener;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, String> last = new HashMap<>();
  private final Set<String> silent = new HashSet<>();

  private DaemonWatch(List<HostRuntime> runtimes, Consumer<TargetEvent> listener) {
    this.runtimes = runtimes;
    this.listener = listener;
  }

  /// @param interval between two questions to the same runtime
  static DaemonWatch start(
      List<HostRuntime> runtimes, Duration interval, Consumer<TargetEvent> listener) {
    var watch = new DaemonWatch(runtimes, listener);
    Thread.ofVirtual().name("daemon-watch").start(() -> watch.run(interval));
    return watch;
  }

  private void run(Duration interval) {
    try {
      do {
        runtimes.forEach(this::ask);
      } while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask(HostRuntime runtime) {
    String name = runtime.name();
    try {
      String now = runtime.running();
      silent.remove(name);
      String before = last.put(name, now);
      if (before != null && !before.equals(now)) {
        listener.accept(new TargetEvent(name, "daemon changed"));
      }
    } catch (IOException | RuntimeException e) {
      if (silent.add(name)) {
        LOG.atWarn()
            .setMessage("daemon not watched")
            .addKeyValue("runtime", name)
            .addKeyValue("reason", e.getClass().getSimpleName())
            .log();
      }
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
