package dev.tidewaiter.target;

import dev.tidewaiter.model.ResourceId;
import java.util.Map;
import java.util.Set;

/// Pull Secrets that must stay though nothing declares them.
///
/// @param named pods name them
/// @param unknown pods may name them, but could not be listed: why, for people
public record StillNamed(Set<ResourceId> named, Map<ResourceId, String> unknown) {
  public static final StillNamed NONE = new StillNamed(Set.of(), Map.of());

  public StillNamed {
    named = Set.copyOf(named);
    unknown = Map.copyOf(unknown);
  }
}
