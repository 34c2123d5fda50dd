package dev.tidewaiter.intake.existing;

import org.jspecify.annotations.Nullable;

/// Where something was found.
///
/// @param text for people, such as `Secret shop/regcred`
/// @param namespace null for what was in no cluster
public record Origin(String text, @Nullable Namespace namespace) {
  /// @param cluster its name in daemons' configurations; empty if it has none there
  public record Namespace(String cluster, String name) implements Comparable<Namespace> {
    @Override
    public int compareTo(Namespace other) {
      int byCluster = cluster.compareTo(other.cluster);
      return byCluster == 0 ? name.compareTo(other.name) : byCluster;
    }
  }

  /// A pull Secret.
  static Origin ofSecret(String cluster, String namespace, String name) {
    String prefix = cluster.isEmpty() ? "" : cluster + ": ";
    return new Origin(
        prefix + "Secret " + namespace + "/" + name, new Namespace(cluster, namespace));
  }

  /// A file.
  static Origin ofFile(Object path) {
    return new Origin(path.toString(), null);
  }

  @Override
  public String toString() {
    return text;
  }
}
