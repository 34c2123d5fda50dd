package dev.tidewaiter.endtoend;

import dev.tidewaiter.testbed.KubeApiServer;
import dev.tidewaiter.testbed.VaultServer;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The servers that all tests of this process share. They end with the process.
final class Servers {
  /// Whose requests those of the product are in the audit log.
  static final String USER = "system:serviceaccount:tidewaiter-system:tidewaiter";

  private static @Nullable VaultServer vault;

  private Servers() {}

  static KubeApiServer cluster() {
    return KubeApiServer.shared();
  }

  static synchronized VaultServer vault() {
    VaultServer running = vault;
    if (running == null) {
      running = VaultServer.start(temporary());
      Runtime.getRuntime().addShutdownHook(new Thread(running::close));
      vault = running;
    }
    return running;
  }

  /// A kubeconfig with the rights of the shipped manifest.
  ///
  /// @param port of the API server, or of a proxy before it
  static String kubeconfig(int port) {
    KubeApiServer cluster = cluster();
    cluster.applyRbac();
    return cluster.kubeconfig(port, "token: " + cluster.token("tidewaiter-system", "tidewaiter"));
  }

  /// Makes what the controllers of a cluster would make, so that a proof can ask for pods.
  static void prepareProof() {
    cluster().applyRbac();
    cluster()
        .admin()
        .serviceAccounts()
        .inNamespace("tidewaiter-proof")
        .resource(
            new ServiceAccountBuilder().withNewMetadata().withName("default").endMetadata().build())
        .createOr(existing -> existing.update());
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("tidewaiter-vault");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
