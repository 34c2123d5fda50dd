package dev.tidewaiter.testing;

import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.model.SecretReference;
import dev.tidewaiter.secrets.SecretLookup;
import dev.tidewaiter.secrets.SecretResolver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A secret store in memory. What nobody put there is absent.
public final class FakeSecrets implements SecretResolver {
  private final Map<SecretReference, SecretLookup> answers = new ConcurrentHashMap<>();
  private final List<SecretReference> promoted = new CopyOnWriteArrayList<>();
  private final List<String> leases = new CopyOnWriteArrayList<>();
  private volatile boolean broken;

  /// Puts a value at a path of Vault.
  public void put(String path, String key, String value) {
    answer(path, key, new SecretLookup.Found(Secret.of(value), ""));
  }

  /// Sets what is answered from now on.
  public void answer(String path, String key, SecretLookup lookup) {
    answers.put(new SecretReference.Vault(path, key, null), lookup);
  }

  /// Puts a value at a path of Vault that is good for as long as it is leased.
  public void lease(String path, String key, String value, Issuance lease) {
    answer(path, key, new SecretLookup.Found(Secret.of(value), "", lease));
  }

  /// From now on resolving ends in a defect, or it does not any more.
  public void setBroken(boolean isBroken) {
    broken = isBroken;
  }

  /// What is in use everywhere, as often as that was said.
  public List<SecretReference> promoted() {
    return List.copyOf(promoted);
  }

  /// The leases that are in use everywhere, as often as that was said.
  public List<String> promotedLeases() {
    return List.copyOf(leases);
  }

  @Override
  public void promoted(Map<SecretReference, String> inUse) {
    promoted.addAll(inUse.keySet());
    inUse.values().stream().filter(lease -> !lease.isEmpty()).forEach(leases::add);
  }

  @Override
  public Map<SecretReference, SecretLookup> resolve(Set<SecretReference> references) {
    if (broken) {
      throw new IllegalStateException("a defect, as the test wants it");
    }
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
