package dev.tidewaiter.target.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The directories of a host that are watched, each for a scope; for what is no directory, or not
/// yet, the nearest one above it for the next name on the way there.
///
/// Our own temporary files are of no interest; the renames are.
final class WatchedDirectories {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedDirectories.class);

  private final Path root;
  private final Wanted wanted;
  private final Map<WatchKey, Set<Interest>> interests = new HashMap<>();
  private final Set<HostPath> unwatched = new HashSet<>();

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
  interface Wanted {
    /// Directory to scope.
    Map<HostPath, String> find() throws IOException;
  }

  WatchedDirectories(Path root, Wanted wanted) {
    this.root = root;
    this.wanted = wanted;
  }

  /// That something of a host is not watched.
  static void warn(IOException e) {
    LOG.atWarn().setMessage("host not watched").addKeyValue("reason", e.toString()).log();
  }

  /// Whether all that was wanted the last time is watched.
  boolean areComplete() {
    return unwatched.isEmpty();
  }

  /// The scopes of all that is wanted now.
  Set<String> scopes() {
    return Set.copyOf(find().values());
  }

  private Map<HostPath, String> find() {
    try {
      return wanted.find();
    } catch (IOException e) {
      warn(e);
      return Map.of();
    }
  }

  /// The scopes to which what happened is of interest.
  Set<String> drain(WatchKey key) {
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

  /// Watches what is wanted now.
  ///
  /// @return scopes of directories that could not be watched the last time
  Set<String> register(WatchService service) {
    var late = new HashSet<String>();
    Map<HostPath, String> found = find();
    unwatched.retainAll(found.keySet());
    for (Map.Entry<HostPath, String> entry : found.entrySet()) {
      try {
        register(service, entry.getKey(), entry.getValue());
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

  private void register(WatchService service, HostPath place, String scope) throws IOException {
    HostPath directory = nearest(place);
    WatchKey key =
        root.resolve(directory.text())
            .register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
    List<String> names = place.names();
    int reached = directory.names().size();
    String name = reached < names.size() ? names.get(reached) : "";
    interests.computeIfAbsent(key, _ -> new HashSet<>()).add(new Interest(scope, name));
  }

  private HostPath nearest(HostPath place) {
    HostPath path = place;
    while (!Files.isDirectory(root.resolve(path.text()), LinkOption.NOFOLLOW_LINKS)
        && !path.equals(HostPath.ROOT)) {
      path = path.parent();
    }
    return path;
  }
}
