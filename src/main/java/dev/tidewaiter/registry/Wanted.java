package dev.tidewaiter.registry;

import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.RegistryAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A registry that a served environment uses, with what its references were resolved to.
///
/// @param name of its declaration
/// @param trust null if a declared certificate is not known now, so that it cannot be asked
/// @param images must be there, and be pullable with the credential
public record Wanted(
    String name,
    RegistryAddress address,
    CredentialSource source,
    Sourced sourced,
    RegistryProbe.@Nullable Trust trust,
    Demand demand,
    Set<ImageReference> images) {
  public Wanted {
    images = Set.copyOf(images);
  }

  /// By what it is remembered: a name that was given to another address is another registry.
  String key() {
    return name + " " + address.canonical();
  }

  /// Whether a [#key] is of a registry at this address, under whatever name.
  static boolean isAt(String key, RegistryAddress address) {
    return key.endsWith(" " + address.canonical());
  }
}
