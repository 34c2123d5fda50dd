package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.secrets.SecretLookup;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What Vault says about one path: it serves every reference to it.
sealed interface PathAnswer {
  /// There is a secret.
  ///
  /// @param data its keys and values, never to be shown
  /// @param revision such as `version 3`; empty for KV 1
  /// @param lease until when it is good; null if it has no end
  record Read(JsonNode data, String revision, @Nullable Issuance lease) implements PathAnswer {
    private SecretLookup value(String path, String key) {
      JsonNode value = data.path(key);
      if (value.isString()) {
        return new SecretLookup.Found(Secret.of(value.asString()), revision, lease);
      }
      if (value.isMissingNode()) {
        return new SecretLookup.Absent(path + ": there is no key `" + key + "` at this path.");
      }
      return new SecretLookup.Unavailable(
          "%s: the value of key `%s` is no text. Write it to Vault as a text."
              .formatted(path, key));
    }

    @Override
    public String toString() {
      return "Read[" + revision + "]";
    }
  }

  /// There is none, or none is known.
  record Without(SecretLookup lookup) implements PathAnswer {}

  /// What it means for one key.
  default SecretLookup lookup(String path, String key) {
    return switch (this) {
      case Without(SecretLookup lookup) -> lookup;
      case Read read -> read.value(path, key);
    };
  }
}
