package dev.tidewaiter.model;

import java.util.List;

/// The HTTP proxy that everything outside is reached through, and what is reached past it.
///
/// It needs no credential. An entry of `noProxy` is a host name or an address, which exempts just
/// that host; a domain that begins with a dot, which exempts the hosts below it but not itself; or
/// `*`, which exempts all. Case does not matter, names are not resolved, and there are no networks
/// and no ports.
///
/// @param host as a URL has it, so an IPv6 address in brackets
/// @param noProxy what is reached directly
public record HttpProxy(String host, int port, List<String> noProxy) {
  /// Of `http`, for a URL that names none.
  public static final int DEFAULT_PORT = 80;

  public HttpProxy {
    noProxy = List.copyOf(noProxy);
  }

  /// Whether a host is reached directly.
  public boolean exempts(String target) {
    return noProxy.stream().anyMatch(entry -> exempts(entry, target));
  }

  private static boolean exempts(String entry, String target) {
    int start = target.length() - entry.length();
    return entry.equals("*")
        || entry.equalsIgnoreCase(target)
        || (entry.startsWith(".") && target.regionMatches(true, start, entry, 0, entry.length()));
  }
}
