package dev.tidewaiter.sandbox;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import dev.tidewaiter.cli.Main;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/// Runs the daemon with nothing configured: makes a directory with all that it needs, starts the
/// stand-ins, and hands over to the command `run`.
///
/// The stand-ins end with the process, so that the daemon can still finish what it has begun.
public final class Sandbox {
  private static final int USAGE = 2;
  private static final String ACCEPTED_TOKEN = "sandbox-token";

  private Sandbox() {}

  /// @param arguments at most one: the directory, `target/sandbox` by default
  public static void main(String[] arguments) {
    Path given = Path.of(arguments.length == 0 ? "target/sandbox" : arguments[0]);
    // Held until the process ends: a lock goes with the last reference to it.
    try (SandboxDirectory sandbox = SandboxDirectory.open(given)) {
      Path daemon = prepare(sandbox, given);
      Main.main(
          new String[] {
            "run", "--config", daemon.toString(), "--plans", "--log-level", "warn",
          });
    } catch (IOException e) {
      System.err.println(e.getMessage());
      System.exit(USAGE);
    }
  }

  /// @return the daemon's configuration
  private static Path prepare(SandboxDirectory sandbox, Path given) throws IOException {
    keepWithin(sandbox);
    var cluster = ClusterStandIn.start();
    var registry = RegistryStandIn.start(sandbox.resolve("vault/registries/sandbox.json"));
    var outside = OutsideStandIn.start(sandbox.createPrivate("scratch/outside"));
    var secrets = VaultContent.of(registry.address(), outside.authority());
    var vault = VaultStandIn.start(secrets.write(sandbox), ACCEPTED_TOKEN);
    sandbox.write("kubeconfig", cluster.kubeconfig());
    sandbox.writePrivate("vault-token", ACCEPTED_TOKEN);
    sandbox.createPrivate("state");
    String listen = "127.0.0.1:" + freePort();
    var file =
        new DaemonFile(
            repository(sandbox, registry.address()).url(),
            outside.proxy(),
            vault.address(),
            secrets.allowedPaths(),
            HostRoot.create(sandbox),
            listen);
    System.out.print(new Guide(given, cluster.address(), registry.address(), listen).text());
    return sandbox.write("tidewaiter.yaml", file.yaml());
  }

  private static ConfigRepository repository(SandboxDirectory sandbox, String registry)
      throws IOException {
    // Editors follow the relative links of the declarations to it.
    sandbox.copy(Path.of("schema"), "schema");
    Path directory = sandbox.copy(Path.of("sample-config"), "config");
    sandbox.write("config/sandbox.yaml", SandboxDeclarations.yaml(registry));
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
