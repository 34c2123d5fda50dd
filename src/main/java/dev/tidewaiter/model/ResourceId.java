package dev.tidewaiter.model;

import java.util.Comparator;

/// Names one resource on one target.
///
/// @param kind its sort
/// @param scope what it lives in and fails with: a namespace in a cluster, a runtime on a host
/// @param name unique for its kind within the scope: a Secret's name, a file's path from the host's
///   root, a user
public record ResourceId(ResourceKind kind, String scope, String name)
    implements Comparable<ResourceId> {
  private static final Comparator<ResourceId> ORDER =
      Comparator.comparing(ResourceId::kind)
          .thenComparing(ResourceId::scope)
          .thenComparing(ResourceId::name);

  @Override
  public int compareTo(ResourceId other) {
    return ORDER.compare(this, other);
  }

  /// `Secret/shop/registry-credentials`
  @Override
  public String toString() {
    return kind.word() + "/" + scope + "/" + name;
  }
}
