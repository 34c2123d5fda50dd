package dev.tidewaiter.intake.existing;

import dev.tidewaiter.model.RegistryAddress;
import java.util.Locale;
import java.util.Optional;

/// A key of `auths`, as clients of all ages wrote them: an address, with or without a scheme, the
/// API's version, and a slash.
///
/// Source: `ConvertToHostname` in the docker CLI's
/// [config/credentials](https://github.com/docker/cli/blob/master/cli/config/credentials/file_store.go),
/// and the kubelet's
/// [keyring](https://github.com/kubernetes/kubernetes/blob/master/pkg/credentialprovider/keyring.go).
sealed interface AuthsKey {
  /// @param address Docker Hub as `docker.io`
  record Named(RegistryAddress address) implements AuthsKey {}

  /// @param reason why it names no registry that can be declared, as a sentence
  record Unusable(String reason) implements AuthsKey {}

  static AuthsKey parse(String key) {
    String host = key.strip().replaceFirst("(?i)^https?://", "").replaceFirst("/+$", "");
    int slash = host.indexOf('/');
    if (slash >= 0) {
      if (!host.substring(slash + 1).matches("v[12]")) {
        return new Unusable(
            "It is for a part of a registry only. One credential for each registry can be declared.");
      }
      host = host.substring(0, slash);
    }
    String lower = host.toLowerCase(Locale.ROOT);
    Optional<String> mistake = RegistryAddress.mistakeIn(lower);
    return mistake.isPresent()
        ? new Unusable("It is no address of a registry. " + mistake.get())
        : new Named(new RegistryAddress(lower).canonical());
  }
}
