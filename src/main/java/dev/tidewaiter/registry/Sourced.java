package dev.tidewaiter.registry;

import dev.tidewaiter.model.Minted;

/// What a declared source comes to, once its references are resolved.
public sealed interface Sourced {
  /// It is settled: a credential is at hand, none is needed, or something is missing.
  record Settled(Minted minted) implements Sourced {}

  /// A cloud has to mint a token.
  record ToMint(TokenRequest request) implements Sourced {}
}
