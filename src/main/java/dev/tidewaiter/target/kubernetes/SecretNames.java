package dev.tidewaiter.target.kubernetes;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.target.kubernetes.Marks.Owner;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Under which names each environment has pull Secrets, or desires them: what the inventory has,
/// and what the cycles prepared. A name is watched as long as it is one of these.
final class SecretNames {
  private final Inventory inventory;
  private final Watches watches;
  private final String instance;
  private final String target;
  private final Object lock = new Object();

  /// Environments by name of Secret, as the inventory has them; null before it was read.
  @GuardedBy("lock")
  private @Nullable SortedMap<String, SortedSet<String>> recorded;

  /// Names of Secrets that each environment desires.
  @GuardedBy("lock")
  private final Map<String, Set<String>> prepared = new HashMap<>();

  /// Those of them that the inventory does not have.
  private final Map<String, Set<String>> unwritten = new ConcurrentHashMap<>();

  /// @param target its name, for messages
  SecretNames(Inventory inventory, Watches watches, String instance, String target) {
    this.inventory = inventory;
    this.watches = watches;
    this.instance = instance;
    this.target = target;
  }

  /// The names among resources.
  static Set<String> in(Set<ResourceId> ids) {
    var names = new TreeSet<String>();
    for (ResourceId id : ids) {
      if (id.kind() == ResourceKind.PULL_SECRET) {
        names.add(id.name());
      }
    }
    return names;
  }

  /// All names in the inventory.
  Set<String> all() throws TargetException {
    synchronized (lock) {
      try {
        if (recorded == null) {
          recorded = inventory.read();
        }
        return Set.copyOf(recorded.keySet());
      } catch (ApiException e) {
        throw e.at(target);
      } catch (Inventory.ForeignException e) {
        throw foreign(e);
      }
    }
  }

  /// Names that an environment desires or may own.
  Set<String> of(String environment, Set<ResourceId> desired) throws TargetException {
    Set<String> _ = all();
    var names = new TreeSet<>(in(desired));
    synchronized (lock) {
      if (recorded != null) {
        names.addAll(recordedFor(environment, recorded));
      }
    }
    return names;
  }

  /// Environments that have, as far as the inventory knows, Secrets of these names.
  Set<String> environments(Set<String> names) {
    synchronized (lock) {
      var environments = new TreeSet<String>();
      if (recorded != null) {
        names.forEach(name -> environments.addAll(recorded.getOrDefault(name, new TreeSet<>())));
      }
      return environments;
    }
  }

  /// Writes down what an environment desires now, and takes from the inventory the names of which
  /// nothing is left.
  ///
  /// @param allowed names that we may look at. A name that we may not is never written down, so it
  ///   makes no other environment wait; what is written down stays
  void prepare(String environment, Set<String> names, Set<String> allowed) throws TargetException {
    synchronized (lock) {
      prepared.put(environment, names);
      noteUnwritten(environment, names);
      try {
        record(environment, names, allowed);
        noteUnwritten(environment, names);
      } catch (ApiException e) {
        throw e.at(target);
      } catch (Inventory.ForeignException e) {
        throw foreign(e);
      }
    }
  }

  @GuardedBy("lock")
  private void record(String environment, Set<String> names, Set<String> allowed)
      throws ApiException, Inventory.ForeignException {
    var wanted = copy(inventory.read());
    if (recorded != null) {
      // Somebody may have deleted the ConfigMap while we own Secrets.
      recorded.forEach(
          (name, environments) ->
              wanted.computeIfAbsent(name, _ -> new TreeSet<>()).addAll(environments));
    }
    for (String name : recordedFor(environment, wanted)) {
      if (!names.contains(name) && watches.isInStep(name) && !owns(environment, name)) {
        drop(wanted, name, environment);
      }
    }
    for (String name : names) {
      if (allowed.contains(name)) {
        wanted.computeIfAbsent(name, _ -> new TreeSet<>()).add(environment);
      }
    }
    inventory.write(wanted);
    recorded = wanted;
    var watched = new HashSet<>(wanted.keySet());
    prepared.values().forEach(watched::addAll);
    watches.keepOnly(watched);
  }

  @GuardedBy("lock")
  private void noteUnwritten(String environment, Set<String> names) {
    var missing = new HashSet<>(names);
    if (recorded != null) {
      missing.removeAll(recordedFor(environment, recorded));
    }
    unwritten.put(environment, Set.copyOf(missing));
  }

  /// Whether a name that an environment desires was not written down: nothing may be created under
  /// it. Waits for nobody who is just writing.
  boolean isUnwritten(String environment, String name) {
    return unwritten.getOrDefault(environment, Set.of()).contains(name);
  }

  /// Takes a name from the inventory if that was the last Secret of it.
  void letGo(String environment, String name) {
    synchronized (lock) {
      boolean desired = prepared.getOrDefault(environment, Set.of()).contains(name);
      if (recorded == null || desired || owns(environment, name)) {
        return;
      }
      try {
        var rest = copy(recorded);
        drop(rest, name, environment);
        inventory.write(rest);
        recorded = rest;
      } catch (ApiException | Inventory.ForeignException _) {
        // One name too many costs a watch; the next cycle's preparation takes it away.
        return;
      }
    }
  }

  private boolean owns(String environment, String secretName) {
    var owner = new Owner(instance, environment);
    return watches.secrets(secretName).all().stream()
        .anyMatch(secret -> owner.equals(secret.owner()));
  }

  private static void drop(
      SortedMap<String, SortedSet<String>> names, String name, String environment) {
    SortedSet<String> environments = names.getOrDefault(name, new TreeSet<>());
    environments.remove(environment);
    if (environments.isEmpty()) {
      names.remove(name);
    }
  }

  private static Set<String> recordedFor(
      String environment, SortedMap<String, SortedSet<String>> names) {
    var own = new TreeSet<String>();
    names.forEach(
        (name, environments) -> {
          if (environments.contains(environment)) {
            own.add(name);
          }
        });
    return own;
  }

  private static SortedMap<String, SortedSet<String>> copy(
      SortedMap<String, SortedSet<String>> names) {
    var copy = new TreeMap<String, SortedSet<String>>();
    names.forEach((name, environments) -> copy.put(name, new TreeSet<>(environments)));
    return copy;
  }

  private TargetException foreign(Inventory.ForeignException e) {
    return new TargetException(target + ": " + e.getMessage() + ".", false, e);
  }
}
