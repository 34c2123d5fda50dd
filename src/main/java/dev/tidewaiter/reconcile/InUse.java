package dev.tidewaiter.reconcile;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.SecretReference;
import java.util.HashSet;
import java.util.Set;

/// A credential that is delivered from now on and is what its references were last resolved to.
///
/// @param environments that get it
public record InUse(
    String registry,
    Credential credential,
    Set<SecretReference> references,
    Set<String> environments) {
  public InUse {
    references = Set.copyOf(references);
    environments = Set.copyOf(environments);
  }

  /// The same without references that another registry still uses as they were before.
  InUse without(Set<SecretReference> others) {
    var own = new HashSet<>(references);
    own.removeAll(others);
    return new InUse(registry, credential, own, environments);
  }
}
