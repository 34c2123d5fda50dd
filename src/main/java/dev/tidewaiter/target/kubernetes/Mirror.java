package dev.tidewaiter.target.kubernetes;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidewaiter.target.kubernetes.Seen.Identity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What is known of one collection of objects, reduced.
///
/// An older event never overwrites a newer state: our own write is entered from its answer, and the
/// watch tells of it, and of what was before it, only later.
final class Mirror<T extends Seen> {
  private final BiConsumer<@Nullable T, @Nullable T> changed;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<String, T> entries = new HashMap<>();

  /// UIDs of objects that we deleted, until the watch has told so.
  @GuardedBy("lock")
  private final Set<String> deleted = new HashSet<>();

  /// Keys that are being written by us, with what the watch said of them meanwhile.
  @GuardedBy("lock")
  private final Map<String, Optional<T>> writing = new HashMap<>();

  /// Who else changed an object while it was watched. Our answer to that takes the trace of them
  /// from the object. Who only removes something leaves none.
  @GuardedBy("lock")
  private final Map<String, String> writers = new HashMap<>();

  /// Whether a first list was taken in: what it contains is no news to anybody.
  @GuardedBy("lock")
  private boolean primed;

  /// @param changed called with an object's state before and after a change by somebody else; null
  ///   stands for absent
  Mirror(BiConsumer<@Nullable T, @Nullable T> changed) {
    this.changed = changed;
  }

  List<T> all() {
    synchronized (lock) {
      return new ArrayList<>(entries.values());
    }
  }

  Optional<T> find(String namespace, String name) {
    synchronized (lock) {
      return Optional.ofNullable(entries.get(namespace + "/" + name));
    }
  }

  /// Who else changed an object last while it was watched; empty if nobody did, or is named.
  String otherWriter(String namespace, String name) {
    synchronized (lock) {
      return writers.getOrDefault(namespace + "/" + name, "");
    }
  }

  /// Announces a write of ours, so that the watch's echo of it is not taken for somebody else's.
  void begin(String namespace, String name) {
    synchronized (lock) {
      writing.put(namespace + "/" + name, Optional.empty());
    }
  }

  /// Ends what was begun.
  ///
  /// @param written the object as the API server answered; null if nothing was written
  void end(String namespace, String name, @Nullable T written) {
    String key = namespace + "/" + name;
    Optional<T> told;
    synchronized (lock) {
      told = Optional.ofNullable(writing.remove(key)).flatMap(seen -> seen);
      if (written != null && isNewsLocked(written.identity())) {
        entries.put(key, written);
      }
    }
    told.filter(seen -> written == null || seen.identity().version() > written.identity().version())
        .ifPresent(seen -> changed.accept(null, seen));
  }

  /// Enters that an object was deleted by us.
  void forget(String namespace, String name, String uid) {
    synchronized (lock) {
      String key = namespace + "/" + name;
      writing.remove(key);
      T known = entries.get(key);
      if (known != null && known.identity().uid().equals(uid)) {
        entries.remove(key);
        deleted.add(uid);
      }
    }
  }

  /// Takes in what a watch told of an object that exists.
  void put(T seen) {
    T before;
    synchronized (lock) {
      if (!isNewsLocked(seen.identity())) {
        return;
      }
      String key = seen.identity().key();
      before = entries.put(key, seen);
      if (writing.containsKey(key)) {
        writing.put(key, Optional.of(seen));
        return;
      }
      if (before != null && !before.sameAs(seen) && !seen.writer().isEmpty()) {
        writers.put(key, seen.writer());
      }
      if (!primed) {
        return;
      }
    }
    if (before == null || !before.sameAs(seen)) {
      changed.accept(before, seen);
    }
  }

  /// Takes in what a watch told of an object that is gone.
  void remove(T last) {
    synchronized (lock) {
      deleted.remove(last.identity().uid());
      T known = entries.get(last.identity().key());
      if (known == null || !known.identity().uid().equals(last.identity().uid())) {
        return;
      }
      entries.remove(last.identity().key());
      writers.remove(last.identity().key());
      if (writing.containsKey(last.identity().key())) {
        return;
      }
    }
    changed.accept(last, null);
  }

  /// Takes in a complete list.
  ///
  /// @param version of the list: what was written after it stays
  void replace(List<T> listed, long version) {
    var gone = new ArrayList<T>();
    synchronized (lock) {
      var keys = new HashSet<String>();
      var uids = new HashSet<String>();
      for (T seen : listed) {
        keys.add(seen.identity().key());
        uids.add(seen.identity().uid());
      }
      deleted.retainAll(uids);
      for (T known : entries.values()) {
        if (!keys.contains(known.identity().key())
            && Long.compareUnsigned(known.identity().version(), version) <= 0) {
          gone.add(known);
        }
      }
      gone.forEach(known -> entries.remove(known.identity().key()));
      writers.keySet().retainAll(entries.keySet());
    }
    gone.forEach(known -> changed.accept(known, null));
    listed.forEach(this::put);
    synchronized (lock) {
      primed = true;
    }
  }

  /// Whether this version of an object is not known yet.
  boolean isNews(Identity identity) {
    synchronized (lock) {
      return isNewsLocked(identity);
    }
  }

  @GuardedBy("lock")
  private boolean isNewsLocked(Identity identity) {
    T known = entries.get(identity.key());
    return !deleted.contains(identity.uid())
        && (known == null
            || Long.compareUnsigned(identity.version(), known.identity().version()) > 0);
  }
}
