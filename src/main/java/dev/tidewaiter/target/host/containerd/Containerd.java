package dev.tidewaiter.target.host.containerd;

import dev.tidewaiter.target.host.HostPath;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Port: the containerd of a host, running or merely installed.
interface Containerd {
  /// For a host under another root, of which nothing is asked.
  Containerd NONE = Optional::empty;

  /// Where it reads its settings unless told otherwise.
  HostPath SETTINGS = new HostPath("etc/containerd/config.toml");

  /// Where host directories go where nobody chose.
  HostPath DIRECTORY = new HostPath("etc/containerd/certs.d");

  /// @return empty if there is no such program
  /// @throws dev.tidewaiter.target.host.HostFileException if it cannot be told which one it is
  Optional<Program> find() throws IOException;

  /// What it is, asked of the program that runs; of the one that would start if none does.
  interface Program {
    /// Null while none runs.
    @Nullable Running running();

    /// Its settings, as an absolute path; the file need not exist.
    Path settings();

    ContainerdVersion version() throws IOException;

    /// The settings that it would start with, with all defaults and imports: `config dump`.
    ///
    /// @param file in place of [#settings]; it exists
    /// @throws dev.tidewaiter.target.host.HostFileException if it does not accept them
    EffectiveSettings dump(@Nullable Path file) throws IOException;

    /// @throws dev.tidewaiter.target.host.HostFileException if none runs
    Images images() throws IOException;
  }

  /// @param started by the clock of the machine, within about a second
  record Running(long pid, Instant started) {}

  /// What it answers to the kubelet's questions on images and containers.
  interface Images {
    /// Pulls for nobody in particular.
    ///
    /// @return why it did not come; empty if it did
    /// @throws IOException if it was not told within the limit; the pull is then given up
    Optional<Refusal> pull(String image, Duration limit) throws IOException;

    /// Names of the images of containers in a namespace of the cluster, as far as they have one.
    List<String> imagesOf(String namespace) throws IOException;

    /// Names of the image of one container; empty if it has no such container.
    List<String> imagesOfContainer(String id) throws IOException;
  }

  /// @param code of [gRPC](https://grpc.io/docs/guides/status-codes/)
  /// @param message for us alone: it may quote a server
  record Refusal(int code, String message) {
    private static final int NOT_FOUND = 5;

    /// Whether no server was even asked, as all that is known of the registry may only push.
    boolean isDenial() {
      return code == NOT_FOUND && message.contains("no resolve hosts");
    }
  }
}
