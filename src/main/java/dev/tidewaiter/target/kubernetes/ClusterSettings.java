package dev.tidewaiter.target.kubernetes;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Which cluster, and as whom.
///
/// @param cluster its name in the daemon's configuration
/// @param instance the daemon's name, part of the ownership of everything it writes
/// @param namespace the daemon's own, where the inventory is kept; null for the pod's own within a
///   cluster, and `tidewaiter-system` elsewhere
/// @param relist how often the watches are checked against a full list, since a watch alone can
///   fall silent without an error; null for a command that ends: everything is listed once and
///   nothing is watched, because the echo of its own writes would cost more than the writes
public record ClusterSettings(
    String cluster,
    Access access,
    String instance,
    @Nullable String namespace,
    @Nullable Duration relist) {

  /// How the API server is found and the daemon known to it.
  public sealed interface Access {
    /// From within a pod, as its ServiceAccount.
    ///
    /// @param directory where the kubelet puts the token, the CA and the namespace
    record InCluster(Path directory) implements Access {
      public InCluster() {
        this(Path.of("/var/run/secrets/kubernetes.io/serviceaccount"));
      }
    }

    /// @param context null for the file's own
    record Kubeconfig(Path file, @Nullable String context) implements Access {}
  }
}
