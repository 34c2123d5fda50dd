package dev.tidewaiter.cli;

import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.config.DaemonConfiguration.ClusterAccess;
import dev.tidewaiter.config.DaemonConfiguration.GitLogin;
import dev.tidewaiter.config.DaemonConfiguration.Reference;
import dev.tidewaiter.config.DaemonConfiguration.VaultLogin;
import dev.tidewaiter.model.HttpProxy;
import dev.tidewaiter.registry.oci.ProbeSettings;
import dev.tidewaiter.secrets.vault.VaultSettings;
import dev.tidewaiter.source.git.GitSettings;
import dev.tidewaiter.target.kubernetes.ClusterSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The daemon's configuration in the words of each adapter, which knows no other's.
final class Adapters {
  private Adapters() {}

  /// @param directory where the clone lives
  static GitSettings git(DaemonConfiguration configuration, Path directory) {
    var repository = configuration.repository();
    return new GitSettings(
        repository.url(),
        reference(repository.reference()),
        repository.path(),
        login(repository.login()),
        repository.ca(),
        configuration.proxy(),
        directory);
  }

  private static GitSettings.Reference reference(Reference reference) {
    return switch (reference) {
      case Reference.Branch(String name) -> new GitSettings.Reference.Branch(name);
      case Reference.Tag(String name) -> new GitSettings.Reference.Tag(name);
      case Reference.Pinned(String revision) -> new GitSettings.Reference.Pinned(revision);
    };
  }

  private static GitSettings.Login login(GitLogin login) {
    return switch (login) {
      case GitLogin.None() -> new GitSettings.Login.None();
      case GitLogin.Token(String username, Path file) ->
          new GitSettings.Login.Token(username, file);
      case GitLogin.Ssh(Path key, Path knownHosts) -> new GitSettings.Login.Ssh(key, knownHosts);
    };
  }

  static VaultSettings vault(DaemonConfiguration.Vault vault, @Nullable HttpProxy proxy) {
    return VaultSettings.of(
        vault.address(),
        vault.namespace(),
        vault.ca(),
        proxy,
        switch (vault.login()) {
          case VaultLogin.Token(Path file) -> new VaultSettings.Login.Token(file);
          case VaultLogin.AppRole(String mount, Path roleId, Path secretId) ->
              new VaultSettings.Login.AppRole(mount, roleId, secretId);
          case VaultLogin.Kubernetes(String mount, String role) ->
              new VaultSettings.Login.Kubernetes(mount, role);
          case VaultLogin.Jwt(String mount, String role, Path file) ->
              new VaultSettings.Login.Jwt(mount, role, file);
          case VaultLogin.Certificate(String mount, Path cert, Path key) ->
              new VaultSettings.Login.Certificate(mount, cert, key);
        });
  }

  static ProbeSettings probe(DaemonConfiguration configuration) {
    return new ProbeSettings(
        configuration.proxy(),
        configuration.probe().tokenServers(),
        configuration.probe().deniedNetworks());
  }

  /// @param relist null for a command that ends
  static ClusterSettings cluster(
      DaemonConfiguration configuration,
      DaemonConfiguration.Cluster cluster,
      @Nullable Duration relist) {
    ClusterSettings.Access access =
        switch (cluster.access()) {
          case ClusterAccess.InCluster() -> new ClusterSettings.Access.InCluster();
          case ClusterAccess.Kubeconfig(Path file, @Nullable String context) ->
              new ClusterSettings.Access.Kubeconfig(file, context);
        };
    return new ClusterSettings(cluster.name(), access, configuration.instance(), null, relist);
  }
}
