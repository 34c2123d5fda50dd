package dev.tidewaiter.target.host;

import dev.tidewaiter.model.Defect;
import dev.tidewaiter.target.TargetEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches directories of a host, and for what is no directory, or not yet, the nearest one above
/// it for the next name on the way there.
///
/// One event per runtime after the changes have paused for [#PAUSE]. Our own temporary files are no
/// event; the renames are, and the cycle they start finds nothing to do.
final class HostWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HostWatch.class);
  private static final Duration PAUSE = Duration.ofMillis(200);

  /// A directory that never rests must not keep the event back for ever.
  private static final int MAX_PAUSES = 10;

  /// When what could not be watched is tried again.
  private static final Duration RETRY = Duration.ofMinutes(1);

  private final Path root;
  private final Directories directories;
  private final Consumer<TargetEvent> listener;
  private final Trials trials;
  private final Map<WatchKey, Set<Interest>> interests = new HashMap<>();
  private final Set<HostPath> unwatched = new HashSet<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable WatchService service;

  /// What in a directory is of interest to a scope.
  ///
  /// @param name of an entry; empty for all
  private record Interest(String scope, String name) {
    boolean covers(@Nullable String changed) {
      return changed == null || name.equals(changed) || (name.isEmpty() && !isOurs(changed));
    }

    private static boolean isOurs(String changed) {
      return changed.endsWith(".tidewaiter");
    }
  }

  /// Where the directories to watch are asked for again after each change.
  interface Directories {
    /// Directory to scope.
    Map<HostPath, String> find() throws IOException;
  }

  /// How a watch is opened, of which a system has few, so that other programs may hold all.
  ///
  /// @param pause until it is tried again
  record Trials(Opening opening, Duration pause) {}

  /// One trial.
  interface Opening {
    WatchService open() throws IOException;
  }

  private HostWatch(
      Path root, Directories directories, Consumer<TargetEvent> listener, Trials trials) {
    this.root = root;
    this.directories = directories;
    this.listener = listener;
    this.trials = trials;
  }

  /// Where nothing can be watched, or not everything, the rest is; the cycles over the whole host
  /// see what happened meanwhile.
  static HostWatch start(Path root, Directories directories, Consumer<TargetEvent> listener) {
    var trials = new Trials(FileSystems.getDefault()::newWatchService, RETRY);
    return start(root, directories, listener, trials);
  }

  static HostWatch start(
      Path root, Directories directories, Consumer<TargetEvent> listener, Trials trials) {
    var watch = new HostWatch(root, directories, listener, trials);
    try {
      var _ = watch.register(watch.open());
    } catch (IOException e) {
      warn(e);
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

  private static void warn(IOException e) {
    LOG.atWarn().setMessage("host not watched").addKeyValue("reason", e.toString()).log();
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
      var _ = register(open());
      return Set.copyOf(find().values());
    } catch (IOException _) {
      return Set.of();
    }
  }

  private Set<String> afterAnEvent(WatchService current) throws InterruptedException {
    var changed = new HashSet<String>();
    WatchKey first = unwatched.isEmpty() ? current.take() : next(current, trials.pause());
    if (first != null) {
      changed.addAll(drain(first));
    }
    int more = MAX_PAUSES;
    for (WatchKey key = next(current, PAUSE); key != null && more > 0; key = next(current, PAUSE)) {
      changed.addAll(drain(key));
      more--;
    }
    changed.addAll(register(current));
    return changed;
  }

  private static @Nullable WatchKey next(WatchService service, Duration pause)
      throws InterruptedException {
    return service.poll(pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Set<String> drain(WatchKey key) {
    var changed = new HashSet<String>();
    for (WatchEvent<?> event : key.pollEvents()) {
      // Null where events were lost.
      String name = event.context() instanceof Path path ? path.toString() : null;
      for (Interest interest : interests.getOrDefault(key, Set.of())) {
        if (interest.covers(name)) {
          changed.add(interest.scope());
        }
      }
    }
    if (!key.reset()) {
      interests.remove(key);
    }
    return changed;
  }

  private Map<HostPath, String> find() {
    try {
      return directories.find();
    } catch (IOException e) {
      warn(e);
      return Map.of();
    }
  }

  /// @return scopes of directories that could not be watched the last time
  private Set<String> register(WatchService current) {
    var late = new HashSet<String>();
    Map<HostPath, String> wanted = find();
    unwatched.retainAll(wanted.keySet());
    for (Map.Entry<HostPath, String> entry : wanted.entrySet()) {
      try {
        register(current, entry.getKey(), entry.getValue());
        if (unwatched.remove(entry.getKey())) {
          late.add(entry.getValue());
        }
      } catch (IOException e) {
        if (unwatched.add(entry.getKey())) {
          warn(e);
        }
      }
    }
    return late;
  }

  private void register(WatchService current, HostPath wanted, String scope) throws IOException {
    HostPath directory = nearest(wanted);
    WatchKey key =
        root.resolve(directory.text())
            .register(
                current,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
    List<String> names = wanted.names();
    int reached = directory.names().size();
    String name = reached < names.size() ? names.get(reached) : "";
    interests.computeIfAbsent(key, _ -> new HashSet<>()).add(new Interest(scope, name));
  }

  private HostPath nearest(HostPath directory) {
    HostPath path = directory;
    while (!Files.isDirectory(root.resolve(path.text()), LinkOption.NOFOLLOW_LINKS)
        && !path.equals(HostPath.ROOT)) {
      path = path.parent();
    }
    return path;
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
