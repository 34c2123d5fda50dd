package dev.tidewaiter.testing;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.secrets.SecretResolver;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A secret store in memory. What nobody put there is absent.
public final class FakeSecrets implements SecretResolver {
  private final Map<SecretReference, SecretLookup> answers = new ConcurrentHashMap<>();

  /// Puts a value at a path of Vault.
  public void put(String path, String key, String value) {
    answer(path, key, new SecretLookup.Found(Secret.of(value), ""));
  }

  /// Sets what is answered from now on.
  public void answer(String path, String key, SecretLookup lookup) {
    answers.put(new SecretReference.Vault(path, key, null), lookup);
  }

  @Override
  public Map<SecretReference, SecretLookup> resolve(Set<SecretReference> references) {
    var lookups = new HashMap<SecretReference, SecretLookup>();
    references.forEach(
        reference ->
            lookups.put(
                reference,
                answers.getOrDefault(
                    reference, new SecretLookup.Absent(reference + ": nothing is there"))));
    return lookups;
  }
}
