package dev.tidewaiter.policy;

import dev.tidewaiter.model.RegistryAddress;
import org.jspecify.annotations.Nullable;

/// What a rule book says of one image.
public sealed interface Verdict {
  /// @param rule the entry of the allow-list that admits it; null if there is no list
  record Allowed(@Nullable RepositoryPrefix rule) implements Verdict {}

  /// No entry of the allow-list admits it.
  record NotListed() implements Verdict {}

  /// Its registry is declared inactive in the environment.
  ///
  /// @param registry the name of the declaration
  record Inactive(RegistryAddress address, String registry) implements Verdict {}

  /// It is no image reference, so no runtime could pull it; and what it looks like to us, it might
  /// not be to another.
  record Malformed() implements Verdict {}

  default boolean isAllowed() {
    return this instanceof Allowed;
  }
}
