package dev.tidewaiter.secrets;

import dev.tidewaiter.model.SecretReference;
import java.util.Map;
import java.util.Set;

/// Reads secrets from where they are kept.
public interface SecretResolver {
  /// Looks every reference up: one read per distinct path, bounded and concurrent. One slow or
  /// denied path delays no other.
  ///
  /// @return an answer for each reference, never fewer; failures are answers too, so this never
  ///   throws for the store's sake
  Map<SecretReference, SecretLookup> resolve(Set<SecretReference> references);

  /// Says that what these references were resolved to is in use everywhere: what they were before
  /// that may be given back. Stores that lease nothing have nothing to give back.
  ///
  /// @param leases by reference, the identity of the lease that is in use; empty for a value
  ///   without one. It need not be the newest that was taken.
  void promoted(Map<SecretReference, String> leases);
}
