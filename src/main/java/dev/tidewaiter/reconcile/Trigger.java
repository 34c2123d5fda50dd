package dev.tidewaiter.reconcile;

import java.util.Set;

/// Why a cycle runs, and on how much of its target.
///
/// @param cause for the log and the audit record, such as `round` or `Secret changed`
/// @param scopes to which it is limited; empty for the whole target. A limited cycle withdraws
///   nothing, because the guard must see all withdrawals together
public record Trigger(String cause, Set<String> scopes) {
  public Trigger {
    scopes = Set.copyOf(scopes);
  }

  /// A cycle over the whole target.
  public static Trigger whole(String cause) {
    return new Trigger(cause, Set.of());
  }

  boolean isWhole() {
    return scopes.isEmpty();
  }

  boolean covers(String scope) {
    return isWhole() || scopes.contains(scope);
  }
}
