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
}
