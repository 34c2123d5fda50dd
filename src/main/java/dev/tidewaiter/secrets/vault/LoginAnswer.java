package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What came of one attempt to log in.
sealed interface LoginAnswer {
  /// Vault takes this token.
  ///
  /// @param ttl zero if it does not expire
  /// @param verified whether Vault has answered to it what it is
  record Granted(Secret token, Duration ttl, boolean renewable, boolean verified)
      implements LoginAnswer {
    /// As Vault's answers say it: a missing life is none that ends.
    static Granted of(Secret token, JsonNode ttl, JsonNode renewable, boolean verified) {
      return new Granted(
          token, Duration.ofSeconds(ttl.asLong(0)), renewable.asBoolean(false), verified);
    }
  }

  /// It does not, or nothing is known.
  ///
  /// @param reason what to tell people, after the word Vault
  /// @param retryAfter what the server asked for; null if it asked for nothing
  record Refused(String reason, @Nullable Duration retryAfter) implements LoginAnswer {}
}
