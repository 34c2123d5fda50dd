package dev.tidewaiter.config;

import dev.tidewaiter.model.HttpProxy;
import dev.tidewaiter.model.Network;
import dev.tidewaiter.model.RegistryAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The daemon's own configuration: what it may reach, and as whom. It contains no secret, only the
/// files that hold them.
///
/// @param instance name of this daemon, part of the ownership of everything it writes
/// @param vault null if no declaration may refer to Vault
/// @param host null if this instance touches no host
/// @param environments those it serves; null for all
public record DaemonConfiguration(
    String instance,
    Path stateDirectory,
    Repository repository,
    @Nullable HttpProxy proxy,
    @Nullable Vault vault,
    List<Path> allowedDirectories,
    Aws aws,
    Google google,
    Probe probe,
    List<Cluster> clusters,
    @Nullable Host host,
    @Nullable List<String> environments,
    Duration resyncInterval,
    Listen listen) {

  /// The same, with state kept elsewhere.
  public DaemonConfiguration withStateDirectory(Path directory) {
    return new DaemonConfiguration(
        instance,
        directory,
        repository,
        proxy,
        vault,
        allowedDirectories,
        aws,
        google,
        probe,
        clusters,
        host,
        environments,
        resyncInterval,
        listen);
  }

  /// The same, for a command that touches neither clusters nor the host.
  public DaemonConfiguration withoutTargets() {
    return touching(null);
  }

  /// The same, for a command that touches the host alone.
  public DaemonConfiguration withoutClusters() {
    return touching(host);
  }

  private DaemonConfiguration touching(@Nullable Host only) {
    return new DaemonConfiguration(
        instance,
        stateDirectory,
        repository,
        proxy,
        vault,
        allowedDirectories,
        aws,
        google,
        probe,
        List.of(),
        only,
        environments,
        resyncInterval,
        listen);
  }

  public record Repository(
      URI url,
      Reference reference,
      String path,
      Duration interval,
      GitLogin login,
      @Nullable Path ca) {}

  /// What is followed.
  public sealed interface Reference {
    record Branch(String name) implements Reference {}

    record Tag(String name) implements Reference {}

    record Pinned(String revision) implements Reference {}
  }

  /// Who the daemon is for the Git server.
  public sealed interface GitLogin {
    record None() implements GitLogin {}

    /// Basic authentication over https with the file's content as password.
    record Token(String username, Path file) implements GitLogin {}

    record Ssh(Path key, Path knownHosts) implements GitLogin {}
  }

  /// @param namespace empty for the root namespace
  public record Vault(
      URI address,
      String namespace,
      @Nullable Path ca,
      VaultLogin login,
      List<AllowedPath> allowedPaths) {}

  /// Who the daemon is for Vault.
  public sealed interface VaultLogin {
    record Token(Path file) implements VaultLogin {}

    /// @param mount where the method is enabled, `approle` by default
    record AppRole(String mount, Path roleId, Path secretId) implements VaultLogin {}

    /// The token of the ServiceAccount that the daemon runs as.
    ///
    /// @param mount `kubernetes` by default
    record Kubernetes(String mount, String role) implements VaultLogin {}

    /// @param mount `jwt` by default
    /// @param file the JWT
    record Jwt(String mount, String role, Path file) implements VaultLogin {}

    /// A client certificate.
    ///
    /// @param mount `cert` by default
    record Certificate(String mount, Path cert, Path key) implements VaultLogin {}
  }

  /// A prefix, by component, of paths that declarations may refer to.
  ///
  /// @param addresses to which secrets beneath it may be sent; empty for no binding
  /// @param environments to which; empty for no binding
  public record AllowedPath(
      String path, List<RegistryAddress> addresses, List<String> environments) {}

  /// What declarations may do in AWS as this daemon.
  ///
  /// @param allowedRoles ARNs of roles that may be assumed
  /// @param ambientIdentity accounts, twelve digits each, for whose registries the daemon's own
  ///   identity may be used; `public.ecr.aws` stands for ECR Public, whose address has no account
  public record Aws(List<String> allowedRoles, List<String> ambientIdentity) {
    public Aws {
      allowedRoles = List.copyOf(allowedRoles);
      ambientIdentity = List.copyOf(ambientIdentity);
    }
  }

  /// What declarations may do at Google as this daemon.
  ///
  /// @param ambientIdentity registries for which the daemon's own identity may be used
  public record Google(List<RegistryAddress> ambientIdentity) {
    public Google {
      ambientIdentity = List.copyOf(ambientIdentity);
    }
  }

  /// What the probe may reach.
  ///
  /// @param tokenServers hosts, with a port where it is not 443, that credentials may be sent to
  ///   beside the registry itself
  /// @param deniedNetworks never connected to, beside link-local and metadata addresses
  public record Probe(List<String> tokenServers, List<Network> deniedNetworks) {
    public Probe {
      tokenServers = List.copyOf(tokenServers);
      deniedNetworks = List.copyOf(deniedNetworks);
    }
  }

  public record Cluster(String name, ClusterAccess access, NamespaceLimits limits) {}

  public sealed interface ClusterAccess {
    record InCluster() implements ClusterAccess {}

    /// @param context null for the file's own
    record Kubeconfig(Path file, @Nullable String context) implements ClusterAccess {}
  }

  /// What declarations may select in a cluster, as names or patterns with `*`.
  ///
  /// @param allow empty for all
  public record NamespaceLimits(List<String> allow, List<String> deny) {}

  /// @param root where the host's file system begins; anything but `/` signals no process
  /// @param containerd whether `config_path` may be written into containerd's own settings
  public record Host(Map<String, String> labels, Path root, ConfigPath containerd) {}

  /// Who sets containerd's `config_path`, without which it looks for no host directory.
  public enum ConfigPath {
    /// The host's administrator.
    LEAVE,
    /// Tidewaiter, in the file that is there; it counts from containerd's next start, which is left
    /// to the administrator.
    SET
  }

  public record Listen(String host, int port) {}
}
