package dev.tidewaiter.target.host;

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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches directories of a host, and the nearest existing ancestor of those that do not exist yet.
///
/// One event per runtime after the changes have paused for [#PAUSE]. Our own temporary files are no
/// event; the renames are, and the cycle they start finds nothing to do.
final class HostWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HostWatch.class);
  private static final Duration PAUSE = Duration.ofMillis(200);

  /// A directory that never rests must not keep the event back for ever.
  private static final int MAX_PAUSES = 10;

  private final Path root;
  private final WatchService service;
  private final Map<WatchKey, Set<String>> scopes = new HashMap<>();

  /// Where the directories to watch are asked for again after each change.
  interface Directories {
    /// Directory to scope.
    Map<HostPath, String> find() throws IOException;
  }

  private HostWatch(Path root, WatchService service) {
    this.root = root;
    this.service = service;
  }

  static HostWatch start(Path root, Directories directories, Consumer<TargetEvent> listener) {
    try {
      var watch = new HostWatch(root, FileSystems.getDefault().newWatchService());
      watch.register(directories);
      Thread.ofVirtual().name("host-watch").start(() -> watch.run(directories, listener));
      return watch;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run(Directories directories, Consumer<TargetEvent> listener) {
    try {
      while (true) {
        Set<String> changed = drain(service.take());
        int more = MAX_PAUSES;
        for (WatchKey key = next(); key != null && more > 0; key = next()) {
          changed.addAll(drain(key));
          more--;
        }
        register(directories);
        changed.forEach(scope -> listener.accept(new TargetEvent(scope, "file changed")));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ClosedWatchServiceException _) {
      // Closed on purpose.
    }
  }

  private @Nullable WatchKey next() throws InterruptedException {
    return service.poll(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Set<String> drain(WatchKey key) {
    boolean relevant = false;
    for (WatchEvent<?> event : key.pollEvents()) {
      relevant |=
          !(event.context() instanceof Path path && path.toString().endsWith(".tidewaiter"));
    }
    var changed = new HashSet<String>();
    if (relevant) {
      changed.addAll(scopes.getOrDefault(key, Set.of()));
    }
    if (!key.reset()) {
      scopes.remove(key);
    }
    return changed;
  }

  private void register(Directories directories) {
    try {
      for (Map.Entry<HostPath, String> entry : directories.find().entrySet()) {
        WatchKey key =
            nearest(entry.getKey())
                .register(
                    service,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
        scopes.computeIfAbsent(key, _ -> new HashSet<>()).add(entry.getValue());
      }
    } catch (IOException e) {
      LOG.atWarn().setMessage("host not watched").addKeyValue("reason", e.toString()).log();
    }
  }

  private Path nearest(HostPath directory) {
    HostPath path = directory;
    while (!Files.isDirectory(root.resolve(path.text()), LinkOption.NOFOLLOW_LINKS)
        && !path.equals(HostPath.ROOT)) {
      path = path.parent();
    }
    return root.resolve(path.text());
  }

  @Override
  public void close() {
    try {
      service.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
