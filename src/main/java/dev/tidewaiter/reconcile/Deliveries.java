package dev.tidewaiter.reconcile;

import dev.tidewaiter.model.SecretReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Waits until a new credential is in use everywhere, so that what was before it may be given back.
///
/// It is once every environment that gets it has had, on every target, a whole cycle of the round
/// that promoted it or of a later one, in which nothing failed, was frozen, contended or left. If
/// another credential is promoted before, that one is waited for in its place.
///
/// Used by one thread at a time.
final class Deliveries {
  private final Map<String, Pending> pending = new TreeMap<>();
  private Map<String, InUse> newest = Map.of();

  /// @param since the number of the first round that delivered it
  record Pending(InUse inUse, long since) {}

  /// A round ended.
  void ended(RoundResult round) {
    var now = new HashMap<String, InUse>();
    round.registries().inUse().forEach(inUse -> now.put(inUse.registry(), inUse));
    pending.keySet().retainAll(now.keySet());
    now.forEach(
        (name, inUse) -> {
          InUse before = newest.get(name);
          Pending waiting = pending.get(name);
          if (before == null || !before.credential().equals(inUse.credential())) {
            pending.put(name, new Pending(inUse, round.number()));
          } else if (waiting != null) {
            pending.put(name, new Pending(inUse, waiting.since()));
          }
        });
    newest = now;
  }

  /// Those that are in use everywhere by now; each is told once. A reference that several
  /// registries use is told with the last of them.
  List<InUse> complete(Delivered delivered) {
    var complete = new ArrayList<InUse>();
    pending
        .values()
        .removeIf(waiting -> delivered.everywhere(waiting) && complete.add(waiting.inUse()));
    var awaited = new HashSet<SecretReference>();
    pending.values().forEach(waiting -> awaited.addAll(waiting.inUse().leases().keySet()));
    return complete.stream().map(inUse -> inUse.without(awaited)).toList();
  }

  /// Whether the environments that get a credential have it on every target.
  interface Delivered {
    boolean everywhere(Pending pending);
  }
}
