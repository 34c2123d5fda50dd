package dev.tidewaiter.config;

import dev.tidewaiter.model.Place;
import dev.tidewaiter.policy.LibraryPrefix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which registries images may come from, and where images without a host are pulled from.
///
/// @param defaultRegistry `host[:port][/path]`; null for none
/// @param allowedRegistries each `host[:port][/path]`; null for no limit, never empty
/// @param exemptNamespaces to which nothing of it applies
public record RegistryPolicy(
    String name,
    Place place,
    @Nullable String defaultRegistry,
    LibraryPrefix libraryPrefix,
    @Nullable List<String> allowedRegistries,
    Enforcement enforcement,
    List<String> exemptNamespaces,
    Activation activation) {

  /// What happens to an image that is not allowed.
  public enum Enforcement {
    DENY,
    WARN,
    AUDIT
  }

  /// When a denial takes effect.
  ///
  /// @param maxDenied workloads that it may deny without approval
  /// @param approve empty for nothing approved
  public record Activation(int maxDenied, String approve) {
    public static final Activation DEFAULT = new Activation(0, "");
  }
}
