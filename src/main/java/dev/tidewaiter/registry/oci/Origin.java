package dev.tidewaiter.registry.oci;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/// Where a request goes.
///
/// @param host in lower case; IPv6 without brackets
/// @param port never absent: the scheme's own if none is written
record Origin(boolean secure, String host, int port) {
  static final int HTTPS = 443;
  private static final int HTTP = 80;
  private static final int MAX_PORT = 65_535;

  /// Empty if the address is not http or https, has no host or no possible port, or names a user.
  static Optional<Origin> of(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    String host = uri.getHost();
    boolean secure = scheme.equals("https");
    if (host == null || uri.getRawUserInfo() != null || !(secure || scheme.equals("http"))) {
      return Optional.empty();
    }
    if (uri.getPort() > MAX_PORT) {
      return Optional.empty();
    }
    String plain = host.toLowerCase(Locale.ROOT).replace("[", "").replace("]", "");
    return Optional.of(new Origin(secure, plain, uri.getPort() < 0 ? port(secure) : uri.getPort()));
  }

  /// @param address a host with an optional port
  static Origin of(boolean secure, String address) {
    int colon = address.lastIndexOf(':');
    return colon < 0
        ? new Origin(secure, address, port(secure))
        : new Origin(
            secure, address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
  }

  private static int port(boolean secure) {
    return secure ? HTTPS : HTTP;
  }

  /// @param path from the root, with what of it must be escaped escaped
  URI at(String path) {
    String name = host.contains(":") ? "[" + host + "]" : host;
    return URI.create((secure ? "https://" : "http://") + name + ":" + port + path);
  }
}
