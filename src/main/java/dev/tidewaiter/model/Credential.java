package dev.tidewaiter.model;

import org.jspecify.annotations.Nullable;

/// What a client presents to a registry.
///
/// @param username not secret by itself, but kept as one because it may come from a secret store
/// @param email as some registries of old want it; null for none
/// @param issuance how long it lives; null if it is long-lived, or its end is not known
public record Credential(
    Secret username, Secret password, @Nullable String email, @Nullable Issuance issuance) {

  /// One text that is the same exactly if user name, password and e-mail are: what a seal is made
  /// of.
  ///
  /// Each part is preceded by its length, so that no two credentials share it. The issuance is no
  /// part: a registry does not see it.
  public Secret sealable() {
    String mail = email == null ? "" : email;
    return Secret.of(part(username.reveal()) + part(password.reveal()) + part(mail));
  }

  private static String part(String text) {
    return text.length() + ":" + text;
  }
}
