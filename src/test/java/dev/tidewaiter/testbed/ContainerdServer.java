package dev.tidewaiter.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A containerd that listens on `/run/containerd/containerd.sock` and reads `/etc/containerd`: only
/// inside an [IsolatedJvm], where both are its own.
public final class ContainerdServer implements AutoCloseable {
  public static final Path SOCKET = Path.of("/run/containerd/containerd.sock");
  public static final Path SETTINGS = Path.of("/etc/containerd/config.toml");

  private final ServerProcess process;

  private ContainerdServer(ServerProcess process) {
    this.process = process;
  }

  /// Starts it with its data in memory, so that images can be unpacked whatever disk there is.
  public static ContainerdServer start(Path containerd, Path directory, List<String> flags) {
    var command = new ArrayList<String>();
    command.add(containerd.toString());
    command.addAll(List.of("--root", "/run/images", "--state", "/run/state"));
    command.addAll(flags);
    var server =
        ServerProcess.start(
            containerd.toString(),
            new ProcessBuilder(command),
            directory.resolve("containerd.log"));
    server.awaitReady(Duration.ofSeconds(60), () -> cri("remove", "none.test/none:1").succeeded());
    return new ContainerdServer(server);
  }

  /// What became of a call of CRI.
  ///
  /// @param output the reference of the image, or the error
  public record Reply(int status, String output) {
    public boolean succeeded() {
      return status == 0;
    }

    /// Whether it was refused without any server being asked.
    public boolean isDenied() {
      return status != 0 && output.contains("NotFound") && output.contains("no resolve hosts");
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public String log() {
    return process.tail();
  }

  /// Pulls as the kubelet does, and forgets the image.
  public Reply pull(String image) {
    return forgotten(image, cri("pull", image));
  }

  /// Pulls with a pull Secret.
  ///
  /// @param account `user:password`
  public Reply pull(String image, String account) {
    return forgotten(image, cri("pull", image, account));
  }

  private static Reply forgotten(String image, Reply pulled) {
    if (pulled.succeeded()) {
      cri("remove", image);
    }
    return pulled;
  }

  private static Reply cri(String... words) {
    var command = new ArrayList<String>();
    command.add(TestBed.binary("cri").toString());
    command.add(SOCKET.toString());
    command.addAll(List.of(words));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean ended = process.waitFor(1, TimeUnit.MINUTES);
      return new Reply(ended ? process.exitValue() : -1, output);
    } catch (IOException e) {
      throw new UncheckedIOException("cri", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.close();
    try {
      Files.deleteIfExists(SOCKET);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
