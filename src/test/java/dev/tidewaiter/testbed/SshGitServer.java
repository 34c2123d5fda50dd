package dev.tidewaiter.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/// OpenSSH's sshd on a free loopback port, which serves Git to one key and nothing else to anybody.
public final class SshGitServer implements AutoCloseable {
  private final Path directory;
  private final int port = TestBed.freePort();
  private final ServerProcess sshd;

  private SshGitServer(Path directory, String command) {
    this.directory = directory;
    generateKey("host_key");
    generateKey("client_key");
    generateKey("other_key");
    write("authorized_keys", "restrict,command=\"" + command + "\" " + publicKey("client_key"));
    write("known_hosts", "[127.0.0.1]:%d %s".formatted(port, publicKey("host_key")));
    write("wrong_known_hosts", "[127.0.0.1]:%d %s".formatted(port, publicKey("other_key")));
    write("sshd_config", configuration());
    privilegeSeparation();
    var builder =
        new ProcessBuilder(
            TestBed.installed("/usr/sbin/sshd").toString(),
            "-D",
            "-e",
            "-f",
            directory.resolve("sshd_config").toString());
    sshd = ServerProcess.start("sshd", builder, directory.resolve("sshd.log"));
    sshd.awaitReady(Duration.ofSeconds(20), this::answers);
  }

  /// A server whose keys are in `directory`. Needs root.
  public static SshGitServer start(Path directory) {
    return start(directory, gitShell());
  }

  /// One that is never silent and never at the end of its answer, whatever it is asked.
  public static SshGitServer dripping(Path directory) {
    return start(directory, "printf 0fff; while printf a; do sleep 0.2; done");
  }

  private static SshGitServer start(Path directory, String command) {
    TestBed.requireRoot();
    try {
      return new SshGitServer(Files.createDirectories(directory), command);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI url(Path repository) {
    return URI.create("ssh://root@127.0.0.1:%d%s".formatted(port, repository));
  }

  /// The private key that is let in.
  public Path key() {
    return directory.resolve("client_key");
  }

  /// A private key that is not.
  public Path otherKey() {
    return directory.resolve("other_key");
  }

  public Path knownHosts() {
    return directory.resolve("known_hosts");
  }

  /// The server's address with a key that is not the server's.
  public Path wrongKnownHosts() {
    return directory.resolve("wrong_known_hosts");
  }

  public int port() {
    return port;
  }

  @Override
  public void close() {
    sshd.close();
  }

  /// git-shell accepts its command as an argument only; sshd hands a forced command the original
  /// one in the environment.
  private static String gitShell() {
    return TestBed.installed("/usr/bin/git-shell") + " -c \\\"$SSH_ORIGINAL_COMMAND\\\"";
  }

  private String configuration() {
    return """
        Port %1$d
        ListenAddress 127.0.0.1
        HostKey %2$s/host_key
        AuthorizedKeysFile %2$s/authorized_keys
        PidFile %2$s/sshd.pid
        StrictModes no
        UsePAM no
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        PermitRootLogin prohibit-password
        """
        .formatted(port, directory);
  }

  /// sshd refuses to start without the directory that the Debian package makes at boot.
  private static void privilegeSeparation() {
    try {
      Files.createDirectories(
          Path.of("/run/sshd"),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void generateKey(String name) {
    var command =
        List.of(
            TestBed.installed("/usr/bin/ssh-keygen").toString(),
            "-q",
            "-t",
            "ed25519",
            "-N",
            "",
            "-C",
            name,
            "-f",
            directory.resolve(name).toString());
    try {
      int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException("ssh-keygen ended with " + exit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private String publicKey(String name) {
    try {
      return Files.readString(directory.resolve(name + ".pub"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String name, String content) {
    try {
      Files.writeString(directory.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
