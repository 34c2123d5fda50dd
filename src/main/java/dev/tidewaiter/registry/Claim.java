package dev.tidewaiter.registry;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.model.Minted;
import org.jspecify.annotations.Nullable;

/// What a registry could be served with from now on.
///
/// @param candidate the newest that is known
/// @param earlier a token that was kept, by which what was promoted before a restart is found
///   again; null for none
record Claim(Wanted wanted, Minted candidate, @Nullable Credential earlier) {
  String name() {
    return wanted.name();
  }

  /// See [Wanted#key].
  String key() {
    return wanted.key();
  }

  @Nullable Credential credential() {
    return candidate instanceof Minted.Ready(Credential credential) ? credential : null;
  }

  /// What the registry is asked; null if it cannot be.
  RegistryProbe.@Nullable Question question() {
    var trust = wanted.trust();
    return trust == null
        ? null
        : new RegistryProbe.Question(wanted.address(), credential(), trust, wanted.images());
  }

  /// Of a credential; empty for a long-lived one.
  static String identity(Credential credential) {
    Issuance issuance = credential.issuance();
    return issuance == null ? "" : issuance.identity();
  }
}
