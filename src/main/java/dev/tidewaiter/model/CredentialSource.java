package dev.tidewaiter.model;

import org.jspecify.annotations.Nullable;

/// How the credential of a registry comes about, as its declaration says.
public sealed interface CredentialSource {
  /// A user name and a password, both long-lived.
  record Basic(TextSource username, SecretReference password, @Nullable String email)
      implements CredentialSource {}

  /// No credential: the registry serves everybody, and its address counts as declared.
  record Anonymous() implements CredentialSource {}
}
