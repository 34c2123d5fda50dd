package dev.tidewaiter.policy;

import dev.tidewaiter.model.RegistryAddress;

/// What a change of rules does to one image of a workload, at its next start.
public sealed interface Effect {
  /// It was admitted, and no longer is.
  record Denied(Verdict verdict) implements Effect {}

  /// It comes from another registry.
  ///
  /// @param from what a new pod pulls before, `to` after
  record Moved(String from, String to) implements Effect {}

  /// It is pulled without the credential that was delivered before.
  record Stripped(RegistryAddress address) implements Effect {}
}
