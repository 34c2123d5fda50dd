package dev.tidewaiter.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a change of an environment's regime does to its workloads.
///
/// @param findings by workload, in the order of kind, namespace and name; one image may have
///   several
public record Impact(List<Finding> findings) {
  /// @param image as the workload writes it
  public record Finding(Workload workload, String image, Effect effect) {}

  /// @param before null if nothing was governed
  /// @param after null if nothing will be
  public static Impact between(
      @Nullable Regime before, @Nullable Regime after, List<Workload> workloads) {
    throw new UnsupportedOperationException("not yet: " + before + after + workloads);
  }

  /// Workloads of which at least one image would be denied, each once.
  public List<Workload> denied() {
    return findings.stream()
        .filter(finding -> finding.effect() instanceof Effect.Denied)
        .map(Finding::workload)
        .distinct()
        .toList();
  }
}
