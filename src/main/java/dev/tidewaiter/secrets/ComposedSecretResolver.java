package dev.tidewaiter.secrets;

import dev.tidewaiter.model.SecretReference;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Sends each reference to the store of its kind.
///
/// @param vault null if the daemon's configuration names no Vault
public record ComposedSecretResolver(@Nullable SecretResolver vault, SecretResolver files)
    implements SecretResolver {
  @Override
  public Map<SecretReference, SecretLookup> resolve(Set<SecretReference> references) {
    Set<SecretReference> ofVault = new HashSet<>();
    Set<SecretReference> ofFiles = new HashSet<>();
    for (SecretReference reference : references) {
      switch (reference) {
        case SecretReference.Vault path -> ofVault.add(path);
        case SecretReference.File file -> ofFiles.add(file);
      }
    }
    Map<SecretReference, SecretLookup> lookups = new HashMap<>();
    if (!ofFiles.isEmpty()) {
      lookups.putAll(files.resolve(ofFiles));
    }
    if (vault != null && !ofVault.isEmpty()) {
      lookups.putAll(vault.resolve(ofVault));
    }
    for (SecretReference reference : references) {
      lookups.computeIfAbsent(reference, ComposedSecretResolver::unanswered);
    }
    return lookups;
  }

  @Override
  public void promoted(Map<SecretReference, String> leases) {
    Map<SecretReference, String> ofVault = new HashMap<>(leases);
    ofVault.keySet().removeIf(reference -> !(reference instanceof SecretReference.Vault));
    Map<SecretReference, String> ofFiles = new HashMap<>(leases);
    ofFiles.keySet().removeAll(ofVault.keySet());
    if (!ofFiles.isEmpty()) {
      files.promoted(ofFiles);
    }
    if (vault != null && !ofVault.isEmpty()) {
      vault.promoted(ofVault);
    }
  }

  private static SecretLookup unanswered(SecretReference reference) {
    return new SecretLookup.Unavailable(
        reference + ": the daemon's configuration names no Vault. Write `vault` into it.");
  }
}
