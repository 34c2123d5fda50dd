package dev.tidewaiter.intake.trust;

import dev.tidewaiter.model.RegistryAddress;

/// Where a registry listens: its address, with 443 for the port that it does not write.
public record Endpoint(RegistryAddress address) {
  private static final int HTTPS = 443;

  public String host() {
    String text = address.text();
    int colon = text.indexOf(':');
    return colon < 0 ? text : text.substring(0, colon);
  }

  public int port() {
    String text = address.text();
    int colon = text.indexOf(':');
    return colon < 0 ? HTTPS : Integer.parseInt(text.substring(colon + 1));
  }

  /// Whether the host is an IPv4 address, which certificates name in another way than host names
  /// and which is never sent as a server name.
  boolean isIpAddress() {
    return host().matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  }

  @Override
  public String toString() {
    return host() + ":" + port();
  }
}
