package dev.tidewaiter.plan;

import dev.tidewaiter.model.ResourceId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// One resource as a target reported it in this cycle.
public record ObservedResource(
    ResourceId id, Holding holding, SortedMap<String, ObservedField> fields) {
  public ObservedResource {
    fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
  }

  /// Whether anything in it is in our inventory for the environment of this cycle.
  public boolean hasOurs() {
    return switch (holding) {
      case Holding.Ours _ -> true;
      case Holding.Shared _ -> fields.values().stream().anyMatch(ObservedField::ours);
      case Holding.Elsewhere _, Holding.Foreign _ -> false;
    };
  }
}
