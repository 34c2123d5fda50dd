package dev.tidewaiter.testbed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// Where the servers' binaries are, and what a test needs of the machine.
///
/// In CI (`CI=true`) nothing skips: what is missing fails the test. Elsewhere it skips, by name.
public final class TestBed {
  private TestBed() {}

  /// The binary of a server that `src/test/testbed/build.sh` built.
  public static Path binary(String name) {
    Path path = Path.of(System.getProperty("tidewaiter.testbed", "missing"), name);
    require(
        Files.isExecutable(path), "no " + name + " in the test bed; run src/test/testbed/build.sh");
    return path.toAbsolutePath();
  }

  /// A program of a Debian package.
  public static Path installed(String... candidates) {
    for (String candidate : candidates) {
      if (Files.isExecutable(Path.of(candidate))) {
        return Path.of(candidate);
      }
    }
    require(false, "not installed: " + String.join(" or ", candidates));
    throw new IllegalStateException("require does not return for false");
  }

  public static void requireRoot() {
    require("root".equals(System.getProperty("user.name")), "needs root");
  }

  public static void require(boolean met, String what) {
    if ("true".equals(System.getenv("CI"))) {
      Assertions.assertTrue(met, what);
    } else {
      Assumptions.assumeTrue(met, what);
    }
  }

  /// Words before a command that is to have mounts of its own.
  ///
  /// @param script of the shell that prepares them; then it shifts its arguments away and runs what
  ///   is left: `exec "$@"`
  public static List<String> inOwnMounts(String script, String... arguments) {
    var words = new ArrayList<>(List.of(installed("/usr/bin/unshare").toString(), "--mount"));
    words.addAll(List.of("--propagation", "private", "/bin/sh", "-c", script, "sh"));
    words.addAll(List.of(arguments));
    return words;
  }

  /// A port of 127.0.0.1 that was free a moment ago.
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
