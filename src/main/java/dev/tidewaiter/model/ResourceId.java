package dev.tidewaiter.model;

import java.util.Comparator;

/// Names one resource on one target.
///
/// @param kind its sort
/// @param scope what it lives in and fails with: a namespace in a cluster, a runtime on a host;
///   [#CLUSTER_WIDE] for what belongs to no namespace
/// @param name unique for its kind within the scope: a Secret's name, a file's path from the host's
///   root, a user
public record ResourceId(ResourceKind kind, String scope, String name)
    implements Comparable<ResourceId> {
  /// The scope of a cluster's own objects. No namespace has this name.
  public static final String CLUSTER_WIDE = "";

  private static final Comparator<ResourceId> ORDER =
      Comparator.comparing(ResourceId::kind)
          .thenComparing(ResourceId::scope)
          .thenComparing(ResourceId::name);

  /// Mixed: a sum, as records have it, is the same for most ids of which scopes and names differ by
  /// a number only, and a table of them is then searched from end to end.
  @Override
  public int hashCode() {
    int hash = (scope.hashCode() * 0x9E3779B9) ^ name.hashCode();
    hash = (hash ^ (hash >>> 15)) * 0x85EBCA6B;
    return (hash ^ (hash >>> 13)) + kind.word().hashCode();
  }

  @Override
  public int compareTo(ResourceId other) {
    return ORDER.compare(this, other);
  }

  /// `Secret/shop/registry-credentials`
  @Override
  public String toString() {
    return kind.word() + "/" + (scope.isEmpty() ? "" : scope + "/") + name;
  }
}
