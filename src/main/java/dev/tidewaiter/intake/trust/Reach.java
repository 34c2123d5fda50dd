package dev.tidewaiter.intake.trust;

import dev.tidewaiter.model.HttpProxy;
import dev.tidewaiter.registry.DeniedAddresses;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How servers are reached, and which addresses are never connected to: those that no probe
/// connects to either.
///
/// @param proxy null for none
public record Reach(@Nullable HttpProxy proxy, DeniedAddresses denied) {
  /// Directly, wherever that is not refused.
  public static Reach direct() {
    return new Reach(null, new DeniedAddresses(List.of()));
  }

  /// The proxy for a host; empty if it is reached directly.
  Optional<HttpProxy> proxyFor(String host) {
    return Optional.ofNullable(proxy).filter(through -> !through.exempts(host));
  }
}
