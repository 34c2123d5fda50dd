package dev.tidewaiter.registry.oci;

import java.net.URI;
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
    @Nullable Proxy proxy, List<String> tokenServers, List<Network> deniedNetworks) {
  public ProbeSettings {
    tokenServers = tokenServers.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    deniedNetworks = List.copyOf(deniedNetworks);
  }

  /// @param deniedNetworks in CIDR form
  /// @throws IllegalArgumentException if one is not
  public static ProbeSettings of(
      @Nullable Proxy proxy, List<String> tokenServers, List<String> deniedNetworks) {
    return new ProbeSettings(
        proxy, tokenServers, deniedNetworks.stream().map(Network::parse).toList());
  }

  /// @param url `http://HOST[:PORT]`
  /// @param noProxy host names, domains that begin with a dot, and addresses that are reached
  ///   directly; `*` for all
  public record Proxy(URI url, List<String> noProxy) {
    public Proxy {
      noProxy = noProxy.stream().map(entry -> entry.toLowerCase(Locale.ROOT)).toList();
    }

    boolean serves(String host) {
      return noProxy.stream()
          .noneMatch(
              entry ->
                  entry.equals("*")
                      || entry.equals(host)
                      || (entry.startsWith(".") && host.endsWith(entry)));
    }
  }
}
