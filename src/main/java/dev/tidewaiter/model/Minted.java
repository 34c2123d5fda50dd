package dev.tidewaiter.model;

/// What became of the attempt to have a credential for one registry.
public sealed interface Minted {
  /// There is one.
  record Ready(Credential credential) implements Minted {}

  /// The registry is declared anonymous: none is written.
  record None() implements Minted {}

  /// There is none now, and what was delivered before stays.
  ///
  /// @param reason names the reference and what the store said of it, never a value
  record Withheld(Cause cause, String reason) implements Minted {}

  /// Why there is none: the three are never confused, and none of them removes anything.
  enum Cause {
    ABSENT,
    DENIED,
    UNAVAILABLE,
    /// The store gave a value that cannot be a credential: an empty password, a user name with a
    /// colon.
    MALFORMED
  }
}
