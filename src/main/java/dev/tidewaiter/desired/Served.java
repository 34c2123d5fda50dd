package dev.tidewaiter.desired;

import dev.tidewaiter.config.Registry;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.DesiredField.Origin;
import dev.tidewaiter.model.Minted;
import dev.tidewaiter.model.RegistryAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A registry to which an environment gives access, with what was resolved for it.
record Served(Registry registry, RegistryMaterial material) {
  private static final String UNRESOLVED = "it was not resolved in this round";

  /// The active registries of the environment that have their address, sorted by name.
  static List<Served> by(Compilation compilation) {
    var superseded = superseded(compilation);
    return compilation.environment().registries().stream()
        .distinct()
        .sorted()
        .map(name -> compilation.declarations().registries().get(name))
        .filter(
            registry ->
                registry != null
                    && registry.state() == Registry.State.ACTIVE
                    && !superseded.containsKey(registry.name()))
        .map(registry -> new Served(registry, materialOf(registry, compilation.material())))
        .toList();
  }

  /// Registries of the environment that lost their address, and to which.
  static Map<String, String> superseded(Compilation compilation) {
    return compilation
        .declarations()
        .superseded()
        .getOrDefault(compilation.environment().name(), Map.of());
  }

  // Never absent: what was not resolved must not look as if it were not declared.
  private static RegistryMaterial materialOf(
      Registry registry, Map<String, RegistryMaterial> material) {
    RegistryMaterial resolved = material.get(registry.name());
    if (resolved != null) {
      return resolved;
    }
    var withheld = new RegistryMaterial.Text.Withheld(UNRESOLVED);
    var tls = registry.tls();
    boolean presents = tls.clientCertificate() != null;
    return new RegistryMaterial(
        switch (registry.credential()) {
          case CredentialSource.Anonymous _ -> new Minted.None();
          case CredentialSource.Basic _,
              CredentialSource.Ecr _,
              CredentialSource.GoogleKey _,
              CredentialSource.GoogleToken _ ->
              new Minted.Withheld(Minted.Cause.UNAVAILABLE, UNRESOLVED);
        },
        tls.ca() == null ? null : withheld,
        presents ? withheld : null,
        presents ? withheld : null);
  }

  /// Where it is, in the form in which rules compare it.
  RegistryAddress address() {
    return registry.address().canonical();
  }

  /// The field that holds its entry wherever there are `auths`.
  String authField() {
    return "auths/" + registry.address().authsKey();
  }

  boolean hasCredential() {
    return !(material.credential() instanceof Minted.None);
  }

  @Nullable Credential credential() {
    return material.credential() instanceof Minted.Ready(Credential credential) ? credential : null;
  }

  /// What expires came from a provider that mints it; what does not was declared.
  static Origin origin(Credential credential) {
    return credential.issuance() == null ? Origin.DECLARED : Origin.MINTED;
  }
}
