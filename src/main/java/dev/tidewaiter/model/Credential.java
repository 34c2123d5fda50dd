package dev.tidewaiter.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a client presents to a registry.
///
/// @param username not secret by itself, but kept as one because it may come from a secret store
/// @param email as some registries of old want it; null for none
/// @param expiresAt when the registry stops accepting it; null if that is not known or never
///   happens
public record Credential(
    Secret username, Secret password, @Nullable String email, @Nullable Instant expiresAt) {

  /// One text that is the same exactly if user name, password and e-mail are: what a seal is made
  /// of.
  ///
  /// Each part is preceded by its length, so that no two credentials share it. The expiry is no
  /// part: a registry does not see it.
  public Secret sealable() {
    String mail = email == null ? "" : email;
    return Secret.of(part(username.reveal()) + part(password.reveal()) + part(mail));
  }

  private static String part(String text) {
    return text.length() + ":" + text;
  }
}
