package dev.tidewaiter.testbed;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;

/// A Java program of the tests in mount, network and process namespaces of its own: with empty
/// `/etc/docker`, `/etc/containerd`, `/etc/containers` and `/run`, and with the address [#ADDRESS].
///
/// So the code under test runs as on a real host, with `/` as its root, and touches nothing of the
/// machine. With the program end all processes that it started.
public final class IsolatedJvm {
  /// An address that is not loopback: dockerd trusts those without a certificate.
  public static final String ADDRESS = "10.99.0.1";

  private static final String PREPARE =
      String.join(
          " && ",
          "for directory in /etc/docker /etc/containerd /etc/containers; do"
              + " [ ! -d $directory ] || mount -t tmpfs tmpfs $directory || exit; done",
          "mount -t tmpfs tmpfs /run",
          "ip link set lo up",
          "ip address add " + ADDRESS + "/32 dev lo",
          "exec \"$@\"");

  private IsolatedJvm() {}

  /// Runs `main` of a class and requires that it ends with 0.
  public static void run(Class<?> program, Path directory, List<String> arguments) {
    TestBed.requireRoot();
    Path log = directory.resolve("isolated.log");
    var command = new ArrayList<String>();
    command.add(TestBed.installed("/usr/bin/unshare").toString());
    command.addAll(List.of("--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"));
    command.addAll(List.of("--propagation", "private", "/bin/sh", "-c", PREPARE, "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dtidewaiter.testbed=" + System.getProperty("tidewaiter.testbed", "missing"));
    command.add("-D" + Matrix.FILE + "=" + Matrix.file());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(arguments);
    try (ServerProcess process =
        ServerProcess.start(program.getSimpleName(), new ProcessBuilder(command), log)) {
      Assertions.assertTrue(process.awaitEnd(Duration.ofMinutes(4)), process::tail);
    }
  }
}
