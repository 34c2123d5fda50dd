package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.HttpProxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
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
/// @param roundLimit after which no read is begun in a round; what is left over waits for the next
public record VaultSettings(
    URI address,
    String namespace,
    @Nullable Path ca,
    @Nullable HttpProxy proxy,
    Login login,
    Duration connectTimeout,
    Duration readTimeout,
    Duration longestPause,
    Duration roundLimit) {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /// Long enough for many reads, and short enough for a round that must end in five minutes, with
  /// what was begun before the limit and with everything else that it has to do.
  private static final Duration ROUND_LIMIT = Duration.ofMinutes(1);

  /// More than it takes to read everything: what is left over has no next round.
  private static final Duration NO_LIMIT = Duration.ofDays(365);

  /// Settings for one round, with the time limits of the design: 5 s to connect, 15 s in all.
  public static VaultSettings of(
      URI address, String namespace, @Nullable Path ca, @Nullable HttpProxy proxy, Login login) {
    return new VaultSettings(
        address,
        namespace,
        ca,
        proxy,
        login,
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        LONGEST_PAUSE,
        NO_LIMIT);
  }

  /// For rounds that follow each other at an interval: a pause is over before the next round, so
  /// that a Vault that is back is used at once, and no round takes as long as Vault likes.
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
        half.compareTo(LONGEST_PAUSE) < 0 ? half : LONGEST_PAUSE,
        ROUND_LIMIT);
  }

  /// Who the daemon is for Vault.
  public sealed interface Login {
    /// A token that somebody else keeps in a file.
    record Token(Path file) implements Login {}

    /// @param mount where the method is enabled, `approle` by default
    record AppRole(String mount, Path roleId, Path secretId) implements Login {}

    /// The ServiceAccount that the daemon's pod runs as.
    ///
    /// @param mount where the method is enabled, `kubernetes` by default
    /// @param token the file with the ServiceAccount's token
    record Kubernetes(String mount, String role, Path token) implements Login {
      /// Where the kubelet puts the token of a pod's ServiceAccount.
      ///
      /// Source: [Kubernetes, accessing the API from a
      /// pod](https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/).
      public static final Path POD_TOKEN =
          Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

      public Kubernetes(String mount, String role) {
        this(mount, role, POD_TOKEN);
      }
    }

    /// @param mount where the method is enabled, `jwt` by default
    /// @param file the JWT, which somebody else renews
    record Jwt(String mount, String role, Path file) implements Login {}

    /// A client certificate.
    ///
    /// @param mount where the method is enabled, `cert` by default
    /// @param certificate PEM, with what is between it and its root
    /// @param key PEM, without a pass phrase
    record Certificate(String mount, Path certificate, Path key) implements Login {}
  }
}
