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
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  private final Path root;
  private final WatchService service;
  private final Map<WatchKey, Set<Interest>> interests = new HashMap<>();

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

  private void register(Directories directories) {
    try {
      for (Map.Entry<HostPath, String> entry : directories.find().entrySet()) {
        HostPath directory = nearest(entry.getKey());
        WatchKey key =
            root.resolve(directory.text())
                .register(
                    service,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
        List<String> wanted = entry.getKey().names();
        int reached = directory.names().size();
        String name = reached < wanted.size() ? wanted.get(reached) : "";
        interests
            .computeIfAbsent(key, _ -> new HashSet<>())
            .add(new Interest(entry.getValue(), name));
      }
    } catch (IOException e) {
      LOG.atWarn().setMessage("host not watched").addKeyValue("reason", e.toString()).log();
    }
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
    try {
      service.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
