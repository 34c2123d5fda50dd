package dev.tidewaiter.testing;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.target.StillNamed;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The pods of a cluster in memory, as far as they name pull Secrets, and on which Secrets is
/// written that they linger.
public final class InMemoryPods {
  private final Set<ResourceId> named = new TreeSet<>();
  private final Set<String> hidden = new TreeSet<>();
  private final Set<ResourceId> retired = new TreeSet<>();

  /// A pod names a pull Secret from now on.
  public synchronized void name(ResourceId id) {
    named.add(id);
  }

  /// From now on pods of a namespace cannot be listed.
  public synchronized void hide(String namespace) {
    hidden.add(namespace);
  }

  /// Pull Secrets whose time has begun.
  public synchronized Set<ResourceId> retired() {
    return Set.copyOf(retired);
  }

  synchronized StillNamed naming(Set<ResourceId> candidates) {
    var still = new TreeSet<ResourceId>();
    var unknown = new TreeMap<ResourceId, String>();
    for (ResourceId id : candidates) {
      if (hidden.contains(id.scope())) {
        unknown.put(id, "pods may not be listed in " + id.scope());
      } else if (named.contains(id)) {
        still.add(id);
      }
    }
    return new StillNamed(still, unknown);
  }

  synchronized void retire(Set<ResourceId> lingering) {
    retired.addAll(lingering);
  }

  synchronized void revive(Set<ResourceId> desired) {
    retired.removeAll(desired);
  }
}
