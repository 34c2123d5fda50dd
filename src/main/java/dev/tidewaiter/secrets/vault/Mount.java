package dev.tidewaiter.secrets.vault;

import java.util.Optional;

/// A place in Vault's tree where a secrets engine lives.
///
/// @param path with a `/` at its end
record Mount(String path, Engine engine) {
  /// What lives there.
  enum Engine {
    KV_1,
    KV_2,
    /// Something that is no KV engine: what is read from it may be lent.
    OTHER
  }

  /// The mount that a path lies in. Vault Enterprise answers with the namespace before the mount,
  /// also where the namespace is given by a header and hence is no part of the path.
  ///
  /// Source: `addPrefixToKVPath` in
  /// [kv_helpers.go](https://github.com/hashicorp/vault/blob/main/command/kv_helpers.go).
  ///
  /// @param answered with a `/` at its end
  /// @return empty if the path does not lie in it
  static Optional<Mount> around(String secretPath, String answered, Engine engine) {
    String path = answered;
    while (!path.isEmpty()) {
      var mount = new Mount(path, engine);
      if (mount.contains(secretPath)) {
        return Optional.of(mount);
      }
      path = path.substring(path.indexOf('/') + 1);
    }
    return Optional.empty();
  }

  boolean contains(String secretPath) {
    return secretPath.startsWith(path) && secretPath.length() > path.length();
  }

  /// The API's path of a secret: KV 2 puts `data/` after the mount.
  String readPath(String secretPath) {
    return switch (engine) {
      case KV_2 -> path + "data/" + secretPath.substring(path.length());
      case KV_1, OTHER -> secretPath;
    };
  }
}
