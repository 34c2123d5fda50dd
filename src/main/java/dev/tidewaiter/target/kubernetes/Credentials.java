package dev.tidewaiter.target.kubernetes;

import dev.tidewaiter.model.Secret;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a connection is made of.
///
/// @param base all but what a plugin gives
/// @param plugin null for none
/// @param files whose change makes it outdated
record Credentials(Config base, @Nullable ExecPlugin plugin, List<Path> files) {
  /// What to connect with now.
  Config config() throws IOException {
    Config config = base;
    if (plugin != null) {
      ExecPlugin.Issued issued = plugin.issued();
      Secret key = issued.key();
      if (!issued.certificate().isEmpty() && key != null) {
        config.setClientCertData(issued.certificate());
        config.setClientKeyData(key.reveal());
      }
    }
    config.setClientKeyAlgo(ClientKey.algorithm(config));
    return config;
  }

  /// The client certificate that a plugin gives now; empty for none.
  String certificate() throws IOException {
    return plugin == null ? "" : plugin.issued().certificate();
  }

  /// Drops what a plugin gave.
  ///
  /// @return whether there is a plugin that gives something else at once
  boolean forget() {
    return plugin != null && plugin.forget();
  }
}
