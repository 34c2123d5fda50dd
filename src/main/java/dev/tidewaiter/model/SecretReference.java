package dev.tidewaiter.model;

import org.jspecify.annotations.Nullable;

/// Where a secret is kept. It names a secret and never contains one, so it may be shown.
public sealed interface SecretReference {
  /// A key of a path in Vault's KV engine.
  ///
  /// @param path as written for the `vault` command line: mount first, without `data/`
  /// @param key the key at that path
  /// @param version a pinned version of a KV 2 secret, from 1; null for the latest
  record Vault(String path, String key, @Nullable Integer version) implements SecretReference {
    @Override
    public String toString() {
      return "vault:" + path + "#" + key + (version == null ? "" : "@" + version);
    }
  }

  /// A file on the daemon's machine, beneath one of its allowed directories.
  ///
  /// @param path absolute
  record File(String path) implements SecretReference {
    @Override
    public String toString() {
      return "file:" + path;
    }
  }
}
