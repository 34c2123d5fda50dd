package dev.tidewaiter.sandbox;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.LoggerFactory;

/// Everything that the daemon of a sandbox talks to, started, and the files that lead it there.
///
/// It ends with the process, so that the daemon can still finish what it has begun.
///
/// @param configuration the daemon's
/// @param listen where the daemon is to answer, `host:port`
record StandIns(
    ClusterStandIn cluster, RegistryStandIn registry, Path configuration, String listen) {
  private static final String ACCEPTED_TOKEN = "sandbox-token";

  /// Starts them, and makes this process write its temporary files into the directory and trust the
  /// stand-ins alone.
  ///
  /// @param namespaces that may pull from the sandbox's own registry
  static StandIns start(SandboxDirectory sandbox, List<String> namespaces) throws IOException {
    keepWithin(sandbox);
    var cluster = ClusterStandIn.start(sandbox.createPrivate("scratch/cluster"), namespaces);
    var registry = RegistryStandIn.start(sandbox.resolve("vault/registries/sandbox.json"));
    var outside = OutsideStandIn.start(sandbox.createPrivate("scratch/outside"));
    var secrets = VaultContent.of(registry.address(), outside.authority());
    var vault = VaultStandIn.start(secrets.write(sandbox), ACCEPTED_TOKEN);
    sandbox.write("cluster.pem", cluster.authority());
    sandbox.write("kubeconfig", cluster.kubeconfig());
    sandbox.writePrivate("vault-token", ACCEPTED_TOKEN);
    sandbox.createPrivate("state");
    String listen = "127.0.0.1:" + freePort();
    String declared = SandboxDeclarations.yaml(registry.address(), namespaces);
    var file =
        new DaemonFile(
            repository(sandbox, declared).url(),
            outside.proxy(),
            vault.address(),
            secrets.allowedPaths(),
            HostRoot.create(sandbox),
            listen);
    Path configuration = sandbox.write("tidewaiter.yaml", file.yaml());
    return new StandIns(cluster, registry, configuration, listen);
  }

  private static ConfigRepository repository(SandboxDirectory sandbox, String declared)
      throws IOException {
    // Editors follow the relative links of the declarations to it.
    sandbox.copy(Path.of("schema"), "schema");
    Path directory = sandbox.copy(Path.of("sample-config"), "config");
    sandbox.write("config/sandbox.yaml", declared);
    return ConfigRepository.create(directory);
  }

  /// Libraries write caches below the first two and read settings below the third.
  private static void keepWithin(SandboxDirectory sandbox) throws IOException {
    String scratch = sandbox.createPrivate("scratch").toString();
    System.setProperty("java.io.tmpdir", scratch);
    System.setProperty("user.home", scratch);
    // Until the command configures logging.
    ((LoggerContext) LoggerFactory.getILoggerFactory())
        .getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
        .setLevel(Level.WARN);
    java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.WARNING);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
