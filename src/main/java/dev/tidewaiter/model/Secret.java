package dev.tidewaiter.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// Sensitive text. It prints as `<redacted>`; only [#reveal] gives the value.
///
/// Equal means equal content, compared in constant time. It is not a record, so that no accessor
/// invites use and a record that contains one prints safely.
public final class Secret {
  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /// Wraps a value that came from a secret store.
  public static Secret of(String value) {
    return new Secret(value);
  }

  /// The value itself, for the code that hands it to a registry or writes it where it belongs.
  public String reveal() {
    return value;
  }

  /// Whether there is no text at all: such a value is malformed wherever a secret is required.
  public boolean isEmpty() {
    return value.isEmpty();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secret secret
        && MessageDigest.isEqual(
            value.getBytes(StandardCharsets.UTF_8), secret.value.getBytes(StandardCharsets.UTF_8));
  }

  /// Constant: a hash of the value would narrow a search for it, and secrets are never keys.
  @Override
  public int hashCode() {
    return 0;
  }

  @Override
  public String toString() {
    return "<redacted>";
  }
}
