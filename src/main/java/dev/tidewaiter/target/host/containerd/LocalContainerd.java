package dev.tidewaiter.target.host.containerd;

import dev.tidewaiter.target.host.Command;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.LocalProcess;
import dev.tidewaiter.target.host.SocketHolders;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The containerd of this machine: the process that listens on its socket, by the inode; while none
/// does, the program that is installed. It is run as who we are, so it is only if nobody else could
/// have written it.
///
/// One that listens elsewhere, such as that of k3s or the child of a dockerd, is another's.
final class LocalContainerd implements Containerd {
  /// Where containerd listens unless told otherwise, and where the kubelet looks for it.
  static final Path SOCKET = Path.of("/run/containerd/containerd.sock");

  private static final Path DEFAULT = Path.of(SETTINGS.toString());
  private static final Path PROC = Path.of("/proc");
  private static final Pattern NUL = Pattern.compile("\0");
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final List<Path> INSTALLED =
      List.of(
          Path.of("/usr/local/bin/containerd"),
          Path.of("/usr/bin/containerd"),
          Path.of("/usr/sbin/containerd"));

  private final Path socket;

  LocalContainerd(Path socket) {
    this.socket = socket;
  }

  @Override
  public Optional<Program> find() throws IOException {
    if (Files.exists(socket)) {
      SocketHolders found = SocketHolders.of(socket);
      SortedSet<Long> holders = found.processes();
      if (holders.size() > 1) {
        throw HostFileException.unsafe(
            socket
                + ": several processes hold it, "
                + holders
                + ", so it is not clear which it is.");
      }
      if (!holders.isEmpty()) {
        return Optional.of(running(new LocalProcess(holders.first())));
      }
      if (!found.activated()) {
        requireSilence();
      }
    }
    Optional<Path> installed = INSTALLED.stream().filter(Files::isExecutable).findFirst();
    if (installed.isPresent()) {
      LocalProcess.requireSound(installed.get());
    }
    return installed.map(program -> new LocalProgram(socket, program, null, DEFAULT));
  }

  private void requireSilence() throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (SocketException _) {
      return;
    }
    throw HostFileException.unsafe(
        socket
            + ": something answers there, but its process is in another namespace or hidden from"
            + " us. Run Tidewaiter on the host itself, as root.");
  }

  private Program running(LocalProcess process) throws IOException {
    String name = process.program();
    if (!name.equals("containerd")) {
      throw HostFileException.unsafe(socket + ": `" + name + "` listens there and not containerd.");
    }
    LocalProcess.requireSound(process.executable());
    long pid = process.pid();
    Instant started =
        ProcessHandle.of(pid)
            .flatMap(handle -> handle.info().startInstant())
            .orElseThrow(() -> new IOException("process " + pid + " has ended"));
    return new LocalProgram(socket, process.executable(), new Running(pid, started), settings(pid));
  }

  // `--config FILE`, `--config=FILE`, `-c FILE`, with one hyphen or two.
  private static Path settings(long pid) throws IOException {
    String line = Files.readString(PROC.resolve(pid + "/cmdline"), StandardCharsets.UTF_8);
    List<String> words = NUL.splitAsStream(line).skip(1).toList();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i).replaceFirst("^--?", "");
      boolean isFlag = !word.equals(words.get(i));
      if (isFlag && (word.equals("config") || word.equals("c")) && i + 1 < words.size()) {
        return absolute(words.get(i + 1));
      }
      if (isFlag && (word.startsWith("config=") || word.startsWith("c="))) {
        return absolute(word.substring(word.indexOf('=') + 1));
      }
    }
    return DEFAULT;
  }

  private static Path absolute(String file) throws HostFileException {
    try {
      Path path = Path.of(file);
      if (path.isAbsolute()) {
        return path;
      }
    } catch (InvalidPathException _) {
      // In a locale that has not all of its letters.
    }
    throw HostFileException.unsafe(
        file + ": containerd was started with this --config, which is relative or no path here.");
  }

  private record LocalProgram(Path socket, Path program, @Nullable Running running, Path settings)
      implements Program {
    @Override
    public ContainerdVersion version() throws IOException {
      String said = run("--version").output();
      return ContainerdVersion.parse(said)
          .orElseThrow(
              () -> HostFileException.unsafe("`containerd --version`: it names no version."));
    }

    // 1.6 refuses a file that is named and missing.
    @Override
    public EffectiveSettings dump(@Nullable Path file) throws IOException {
      Path used = file == null ? settings : file;
      Command.Result result =
          Files.exists(used)
              ? run("--config", used.toString(), "config", "dump")
              : run("config", "dump");
      if (!result.succeeded()) {
        throw HostFileException.unsafe(
            used
                + ": containerd does not accept it: `containerd --config "
                + used
                + " config dump` says why.");
      }
      return EffectiveSettings.parse(result.output());
    }

    @Override
    public Images images() throws IOException {
      if (running == null) {
        throw HostFileException.unsafe(socket + ": no containerd runs.");
      }
      return new CriImages(socket);
    }

    private Command.Result run(String... words) throws IOException {
      var command = new ArrayList<String>();
      command.add(program.toString());
      command.addAll(List.of(words));
      return new Command(command, LIMIT).run();
    }
  }
}
