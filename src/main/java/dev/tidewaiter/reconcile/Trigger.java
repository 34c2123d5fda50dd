package dev.tidewaiter.reconcile;

import java.util.HashSet;
import java.util.Set;

/// Why a cycle runs, and on how much of its target.
///
/// @param cause for the log and the audit record, such as `round` or `Secret changed`
/// @param scopes to which it is limited; empty for the whole target. A limited cycle withdraws
///   nothing, because the guard must see all withdrawals together; nor does it activate denials,
///   because it does not ask what runs
public record Trigger(String cause, Set<String> scopes) {
  public Trigger {
    scopes = Set.copyOf(scopes);
  }

  /// A cycle over the whole target.
  public static Trigger whole(String cause) {
    return new Trigger(cause, Set.of());
  }

  /// The same, and another scope.
  Trigger covering(String scope) {
    if (covers(scope)) {
      return this;
    }
    var wider = new HashSet<>(scopes);
    wider.add(scope);
    return new Trigger(cause, wider);
  }

  /// Whether it covers the whole target.
  public boolean isWhole() {
    return scopes.isEmpty();
  }

  boolean covers(String scope) {
    return isWhole() || scopes.contains(scope);
  }
}
