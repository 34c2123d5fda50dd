package dev.tidewaiter.policy;

import dev.tidewaiter.model.RegistryAddress;

/// What the runtime of a host does with one image.
public sealed interface HostVerdict {
  /// An entry of the allow-list admits it.
  record Listed(RepositoryPrefix rule) implements HostVerdict {}

  /// No entry covers it, but the runtime tells registries apart and not what is in them, so it is
  /// admitted with another.
  ///
  /// @param rule the entry because of which its whole registry is admitted
  record WithWholeHost(RepositoryPrefix rule) implements HostVerdict {}

  /// It is of Docker Hub, and the default registry serves it.
  ///
  /// @param pulled what is really pulled
  record Redirected(String pulled) implements HostVerdict {}

  /// Nothing is denied on the host: there is no allow-list.
  record Unlimited() implements HostVerdict {}

  /// Nothing is denied on the host: the policy warns or audits, which only a cluster can.
  record NotEnforced() implements HostVerdict {}

  /// Its registry is inactive, but nothing is denied on the host: that needs an allow-list.
  ///
  /// @param registry the name of the declaration
  record InactiveButOpen(RegistryAddress address, String registry) implements HostVerdict {}

  /// No entry of the allow-list admits it.
  record NotListed() implements HostVerdict {}

  /// Its registry is declared inactive, and is not admitted whatever the allow-list has.
  ///
  /// @param registry the name of the declaration
  record Inactive(RegistryAddress address, String registry) implements HostVerdict {}

  /// Its host is admitted in lower case, and to a runtime what is written is another host.
  ///
  /// @param address the host as it would be admitted
  record OtherCase(RegistryAddress address) implements HostVerdict {}

  /// It is no image reference, so no runtime could pull it.
  record Malformed() implements HostVerdict {}

  default boolean isAllowed() {
    return switch (this) {
      case Listed _, WithWholeHost _, Redirected _, Unlimited _, NotEnforced _, InactiveButOpen _ ->
          true;
      case NotListed _, Inactive _, OtherCase _, Malformed _ -> false;
    };
  }
}
