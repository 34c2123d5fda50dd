package dev.tidewaiter.desired;

import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.config.Environment;
import java.util.List;
import java.util.Map;

/// Which namespaces an environment selects, as far as names alone tell: for commands that ask no
/// cluster.
public final class StaticSelection {
  private final List<NamespaceSelection> clusters;

  /// @param clusters those that the daemon serves
  public StaticSelection(List<DaemonConfiguration.Cluster> clusters) {
    this.clusters =
        clusters.stream()
            .map(cluster -> new NamespaceSelection(cluster.limits(), cluster.name(), ""))
            .toList();
  }

  /// What the names tell.
  public enum Verdict {
    /// In one of the clusters at least.
    SELECTED,
    /// It depends on the namespace's labels or project, which its cluster alone knows.
    UNDECIDED,
    NOT_SELECTED
  }

  public Verdict of(Environment environment, String name) {
    var namespace = new Surroundings.Namespace(name, Map.of(), "", false, List.of(), List.of());
    if (clusters.stream().anyMatch(cluster -> cluster.selects(environment, namespace))) {
      return Verdict.SELECTED;
    }
    return clusters.stream().anyMatch(cluster -> cluster.maySelect(environment, name))
        ? Verdict.UNDECIDED
        : Verdict.NOT_SELECTED;
  }
}
