package dev.tidewaiter.cli;

import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.reconcile.ServedTarget;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostTarget;
import dev.tidewaiter.target.host.LocalFiles;
import dev.tidewaiter.target.host.StateStore;
import dev.tidewaiter.target.host.containerd.ContainerdRuntime;
import dev.tidewaiter.target.host.containerd.SettingsPermission;
import dev.tidewaiter.target.host.containers.ContainersRuntime;
import dev.tidewaiter.target.host.docker.DockerRuntime;
import dev.tidewaiter.target.host.kubelet.KubeletRuntime;
import dev.tidewaiter.target.host.system.SystemTrust;
import dev.tidewaiter.target.kubernetes.ClusterSettings;
import dev.tidewaiter.target.kubernetes.KubernetesTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Opens the clusters and the host that a configuration names.
final class Targets {
  private Targets() {}

  /// Opens them, whether they answer or not: a cluster that cannot be reached, or whose kubeconfig
  /// is broken, reports so itself.
  ///
  /// @param relist null for a command that ends
  static List<ServedTarget> open(
      DaemonConfiguration configuration, @Nullable Duration relist, Sealer sealer)
      throws IOException {
    var targets = new ArrayList<>(clusters(configuration, relist, sealer));
    DaemonConfiguration.Host host = configuration.host();
    if (host != null) {
      targets.add(ServedTarget.host(host(host, configuration.stateDirectory(), sealer)));
    }
    return List.copyOf(targets);
  }

  /// The clusters alone.
  static List<ServedTarget> clusters(
      DaemonConfiguration configuration, @Nullable Duration relist, Sealer sealer) {
    return configuration.clusters().stream()
        .map(cluster -> cluster(Adapters.cluster(configuration, cluster, relist), cluster, sealer))
        .toList();
  }

  private static ServedTarget cluster(
      ClusterSettings settings, DaemonConfiguration.Cluster cluster, Sealer sealer) {
    KubernetesTarget target =
        KubernetesTarget.open(settings, sealer, Clock.systemUTC(), System.getenv());
    return new ServedTarget(target, cluster.name(), cluster.limits(), target.ownNamespace());
  }

  // A container's own name is often unknown to its resolver; the kernel knows it all the same.
  private static String hostName() throws IOException {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException _) {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    }
  }

  private static HostTarget host(DaemonConfiguration.Host host, Path stateDirectory, Sealer sealer)
      throws IOException {
    var changes = new FileChanges(new LocalFiles(host.root()), StateStore.in(stateDirectory));
    var docker =
        new DockerRuntime(
            changes,
            DockerRuntime.engineFor(host.root()),
            sealer,
            DockerRuntime.RELOAD_LIMIT,
            System::nanoTime);
    var identity = new HostTarget.Identity(hostName(), host.root(), host.labels());
    return new HostTarget(
        identity,
        changes,
        List.of(
            docker,
            new ContainerdRuntime(changes, host.root(), permission(host), sealer),
            ContainersRuntime.of(changes, host.root(), sealer, System::nanoTime),
            new KubeletRuntime(changes, sealer),
            new SystemTrust(changes, host.root())));
  }

  private static SettingsPermission permission(DaemonConfiguration.Host host) {
    return switch (host.containerd()) {
      case LEAVE -> SettingsPermission.LEAVE;
      case SET -> SettingsPermission.SET;
    };
  }
}
