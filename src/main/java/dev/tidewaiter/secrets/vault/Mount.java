package dev.tidewaiter.secrets.vault;

/// A place in Vault's tree where a secrets engine lives.
///
/// @param path with a `/` at its end
record Mount(String path, Engine engine) {
  /// What lives there.
  enum Engine {
    KV_1,
    KV_2,
    /// Something that is no KV engine: what is read from it may be a lease.
    OTHER
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
