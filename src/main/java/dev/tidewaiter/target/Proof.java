package dev.tidewaiter.target;

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
  record Refuted(String detail) implements Proof {}
}
