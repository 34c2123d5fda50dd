package dev.tidewaiter.plan;

import org.jspecify.annotations.Nullable;

/// What limits a plan: the environment's `suspend`, `driftMode` and `prune`.
///
/// @param approve what stands in `prune.approve`, such as `5f2c…/12`; null or empty for nothing
/// @param scopeId what an approval is bound to: a digest of environment, target and compiled
///   declarations without `prune`
/// @param holdAllWithdrawals because the branch was rewritten: every withdrawal needs approval,
///   however few
public record Restraint(
    Freeze freeze,
    int maxDeletions,
    int maxPercent,
    @Nullable String approve,
    String scopeId,
    boolean holdAllWithdrawals) {
  /// How much is frozen.
  public enum Freeze {
    /// Everything is applied.
    NOTHING,
    /// Declared state stays as it is; minted values are still refreshed where they were delivered
    /// before.
    DECLARED,
    /// Nothing is touched.
    ALL
  }
}
