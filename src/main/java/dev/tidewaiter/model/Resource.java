package dev.tidewaiter.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// One thing that should exist on a target: the unit of planning for clusters and hosts alike.
///
/// It holds seals in place of secrets, so it can be compared, printed and kept.
///
/// @param fields by name; a name says what the field is, such as `auths/quay.io` or
///   `imagePullSecrets/registry-credentials`
public record Resource(ResourceId id, SortedMap<String, DesiredField> fields) {
  public Resource {
    fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
  }

  /// Whether at least one field's value is known: without one, a resource that does not exist is
  /// not created.
  public boolean isKnown() {
    return fields.values().stream().anyMatch(DesiredField.Known.class::isInstance);
  }
}
