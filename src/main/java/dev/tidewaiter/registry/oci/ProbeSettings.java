package dev.tidewaiter.registry.oci;

import dev.tidewaiter.model.HttpProxy;
import dev.tidewaiter.model.Network;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What the probe may reach, and how.
///
/// @param proxy null to connect directly
/// @param tokenServers hosts, with a port where it is not 443, that credentials may be sent to
///   beside the registry itself
/// @param deniedNetworks never connected to, beside link-local and metadata addresses
public record ProbeSettings(
    @Nullable HttpProxy proxy, List<String> tokenServers, List<Network> deniedNetworks) {
  public ProbeSettings {
    tokenServers = tokenServers.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    deniedNetworks = List.copyOf(deniedNetworks);
  }
}
