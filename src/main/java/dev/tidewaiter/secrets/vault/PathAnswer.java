package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.secrets.SecretLookup;
import tools.jackson.databind.JsonNode;

/// What Vault says about one path: it serves every reference to it.
sealed interface PathAnswer {
  /// There is a secret.
  ///
  /// @param data its keys and values, never to be shown
  /// @param revision such as `version 3`; empty for KV 1
  record Read(JsonNode data, String revision) implements PathAnswer {
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
      case Read(JsonNode data, String revision) -> value(path, key, data.path(key), revision);
    };
  }

  private static SecretLookup value(String path, String key, JsonNode value, String revision) {
    if (value.isString()) {
      return new SecretLookup.Found(Secret.of(value.asString()), revision);
    }
    if (value.isMissingNode()) {
      return new SecretLookup.Absent(path + ": there is no key `" + key + "` at this path.");
    }
    return new SecretLookup.Unavailable(
        "%s: the value of key `%s` is no text. Write it to Vault as a text.".formatted(path, key));
  }
}
