package dev.tidewaiter.secrets;

import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.model.Secret;
import org.jspecify.annotations.Nullable;

/// What a secret store says about one reference.
public sealed interface SecretLookup {
  /// The store answered with a value.
  ///
  /// @param revision what identifies the value in the store, such as `version 3` of a KV 2 secret;
  ///   for people, empty if the store has none
  /// @param lease for how long the value is good; null if the store does not limit it
  record Found(Secret secret, String revision, @Nullable Issuance lease) implements SecretLookup {
    /// A value without an end.
    public Found(Secret secret, String revision) {
      this(secret, revision, null);
    }
  }

  /// The store answered: there is nothing here, or the key is missing at the path. `reason` is for
  /// people.
  record Absent(String reason) implements SecretLookup {}

  /// The store answered: we may not read this. Nothing is known about existence.
  record Denied(String reason) implements SecretLookup {}

  /// No usable answer: a time-out, sealed, standby, 429, 5xx, no such mount, a malformed body.
  /// Nothing is known.
  record Unavailable(String reason) implements SecretLookup {}
}
