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
/// watch tells of it, and of what was before it, only later. A list goes before all that was known
/// when it was asked for, whatever the versions say: behind the same address there may be a cluster
/// that was built anew or restored from a backup, and its versions begin again, or go on from
/// smaller ones.
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

  /// Keys that we wrote since the list that is under way was asked for.
  @GuardedBy("lock")
  private final Set<String> writtenSince = new HashSet<>();

  @GuardedBy("lock")
  private boolean listing;

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
        if (listing) {
          writtenSince.add(key);
        }
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
      before = entries.get(seen.identity().key());
      if (!isToBeToldLocked(before, seen)) {
        return;
      }
    }
    changed.accept(before, seen);
  }

  /// Enters an object.
  ///
  /// @return whether somebody has to be told
  @GuardedBy("lock")
  private boolean isToBeToldLocked(@Nullable T before, T seen) {
    String key = seen.identity().key();
    entries.put(key, seen);
    if (before != null && !before.identity().uid().equals(seen.identity().uid())) {
      writers.remove(key);
    }
    if (writing.containsKey(key)) {
      writing.put(key, Optional.of(seen));
      return false;
    }
    boolean differs = before == null || !before.sameAs(seen);
    if (before != null && differs && !seen.writer().isEmpty()) {
      writers.put(key, seen.writer());
    }
    return primed && differs;
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

  /// Announces that a complete list is asked for now, one that shows all that was answered before.
  void listing() {
    synchronized (lock) {
      listing = true;
      writtenSince.clear();
      deleted.clear();
    }
  }

  /// Takes in the list that was announced last.
  ///
  /// @param version of the list: what we wrote since it was asked for and is younger stays
  void replace(List<T> listed, long version) {
    var news = new ArrayList<News<T>>();
    synchronized (lock) {
      var outdated = new HashMap<String, T>();
      for (T known : entries.values()) {
        if (!isYoungerLocked(known.identity(), version)) {
          outdated.put(known.identity().key(), known);
        }
      }
      entries.keySet().removeAll(outdated.keySet());
      for (T seen : listed) {
        if (isNewsLocked(seen.identity())) {
          T before = outdated.remove(seen.identity().key());
          if (isToBeToldLocked(before, seen)) {
            news.add(new News<>(before, seen));
          }
        }
      }
      outdated.values().forEach(gone -> news.add(new News<>(gone, null)));
      writers.keySet().retainAll(entries.keySet());
      var uids = new HashSet<String>();
      listed.forEach(seen -> uids.add(seen.identity().uid()));
      deleted.retainAll(uids);
      listing = false;
      primed = true;
    }
    news.forEach(each -> changed.accept(each.before(), each.after()));
  }

  private record News<T>(@Nullable T before, @Nullable T after) {}

  @GuardedBy("lock")
  private boolean isYoungerLocked(Identity identity, long version) {
    return writtenSince.contains(identity.key())
        && Long.compareUnsigned(identity.version(), version) > 0;
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
