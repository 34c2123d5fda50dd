package dev.tidewaiter.reconcile;

import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.Minted;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.secrets.SecretLookup;
import java.util.Map;

/// Makes a credential of what a secret store said.
@FunctionalInterface
public interface Minting {
  Minted mint(CredentialSource source, Map<SecretReference, SecretLookup> lookups);
}
