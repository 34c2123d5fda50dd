package dev.tidewaiter.secrets.vault;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where Vault is, how it is reached, and who the daemon is for it.
///
/// Every file is read again when it is needed, so that a changed one takes effect without a
/// restart.
///
/// @param address scheme, host and port
/// @param namespace of Vault Enterprise or HCP; empty for the root namespace
/// @param ca a file of PEM certificates that alone are trusted; null for the JDK's
/// @param proxy null to connect directly
/// @param connectTimeout until there is a connection
/// @param readTimeout for one exchange in all, the body included
/// @param longestPause after failures, before something is asked again
public record VaultSettings(
    URI address,
    String namespace,
    @Nullable Path ca,
    @Nullable Proxy proxy,
    Login login,
    Duration connectTimeout,
    Duration readTimeout,
    Duration longestPause) {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /// Settings with the time limits of the design: 5 s to connect, 15 s in all.
  public static VaultSettings of(
      URI address, String namespace, @Nullable Path ca, @Nullable Proxy proxy, Login login) {
    return new VaultSettings(
        address,
        namespace,
        ca,
        proxy,
        login,
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        LONGEST_PAUSE);
  }

  /// For rounds that follow each other at an interval: a pause is over before the next round, so
  /// that a Vault that is back is used at once.
  public VaultSettings withRoundsEvery(Duration interval) {
    Duration half = interval.dividedBy(2);
    return new VaultSettings(
        address,
        namespace,
        ca,
        proxy,
        login,
        connectTimeout,
        readTimeout,
        half.compareTo(LONGEST_PAUSE) < 0 ? half : LONGEST_PAUSE);
  }

  /// @param noProxy host names, domains that begin with a dot, and addresses that are reached
  ///   directly; `*` for all
  public record Proxy(URI url, List<String> noProxy) {
    public Proxy {
      noProxy = List.copyOf(noProxy);
    }
  }

  /// Who the daemon is for Vault.
  public sealed interface Login {
    /// A token that somebody else keeps in a file.
    record Token(Path file) implements Login {}

    /// @param mount where the method is enabled, `approle` by default
    record AppRole(String mount, Path roleId, Path secretId) implements Login {}
  }
}
