package dev.tidewaiter.target;

import java.util.Set;

/// What became of the attempt to show that a policy does what it says.
public sealed interface Proof {
  /// An image that is allowed was admitted, and one that is not was refused by our policy.
  record Proven() implements Proof {}

  /// Something else stood in the way: a quota, pod security, a missing ServiceAccount, a policy of
  /// others, or no answer. It neither passes nor fails.
  ///
  /// @param detail for people, with what to do
  record Inconclusive(String detail) implements Proof {}

  /// The policy admitted what it should deny, or denied by name what it should admit, also after
  /// the time that a cluster takes to take a policy up.
  ///
  /// @param scopes of a host, those whose runtimes did so; empty for the whole target
  record Refuted(String detail, Set<String> scopes) implements Proof {
    public Refuted {
      scopes = Set.copyOf(scopes);
    }

    /// By the target as a whole, or by the one runtime that was asked.
    public Refuted(String detail) {
      this(detail, Set.of());
    }
  }
}
