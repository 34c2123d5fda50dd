package dev.tidewaiter.reconcile;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.SecretReference;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// A credential that is delivered from now on and is what its references were last resolved to.
///
/// @param leases of its references: the identity of what each was resolved to, empty if that has no
///   end
/// @param environments that get it
public record InUse(
    String registry,
    Credential credential,
    Map<SecretReference, String> leases,
    Set<String> environments) {
  public InUse {
    leases = Map.copyOf(leases);
    environments = Set.copyOf(environments);
  }

  /// The same without references that another registry still uses as they were before.
  InUse without(Set<SecretReference> others) {
    var own = new HashMap<>(leases);
    own.keySet().removeAll(others);
    return new InUse(registry, credential, own, environments);
  }
}
