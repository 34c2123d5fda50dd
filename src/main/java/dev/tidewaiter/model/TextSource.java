package dev.tidewaiter.model;

/// A text that a declaration either spells out or keeps in a secret store: a user name, a
/// certificate.
public sealed interface TextSource {
  /// Spelled out in Git; never a secret.
  record Inline(String text) implements TextSource {}

  /// Kept elsewhere.
  record Referenced(SecretReference reference) implements TextSource {}
}
