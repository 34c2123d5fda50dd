package dev.tidewaiter.target.host.containerd;

import dev.tidewaiter.target.host.Command;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.SocketHolders;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
/// does, the program that is installed.
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

  @Override
  public Optional<Program> find() throws IOException {
    if (Files.exists(SOCKET)) {
      SocketHolders found = SocketHolders.of(SOCKET);
      SortedSet<Long> holders = found.processes();
      if (holders.size() > 1) {
        throw HostFileException.unsafe(
            SOCKET
                + ": several processes hold it, "
                + holders
                + ", so it is not clear which it is.");
      }
      if (!holders.isEmpty()) {
        return Optional.of(running(holders.first()));
      }
      if (!found.activated()) {
        requireSilence();
      }
    }
    return INSTALLED.stream()
        .filter(Files::isExecutable)
        .findFirst()
        .map(program -> new LocalProgram(program, null, DEFAULT));
  }

  private static void requireSilence() throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(SOCKET));
    } catch (SocketException _) {
      return;
    }
    throw HostFileException.unsafe(
        SOCKET
            + ": something answers there, but its process is in another namespace or hidden from"
            + " us. Run Tidewaiter on the host itself, as root.");
  }

  private static Program running(long pid) throws IOException {
    Path program = PROC.resolve(pid + "/exe");
    String name = Files.readSymbolicLink(program).getFileName().toString();
    if (!name.replace(" (deleted)", "").equals("containerd")) {
      throw HostFileException.unsafe(SOCKET + ": `" + name + "` listens there and not containerd.");
    }
    Instant started =
        ProcessHandle.of(pid)
            .flatMap(process -> process.info().startInstant())
            .orElseThrow(() -> new IOException("process " + pid + " has ended"));
    return new LocalProgram(program, new Running(pid, started), settings(pid));
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
    Path path = Path.of(file);
    if (!path.isAbsolute()) {
      throw HostFileException.unsafe(
          file + ": containerd was started with this relative --config.");
    }
    return path;
  }

  private record LocalProgram(Path program, @Nullable Running running, Path settings)
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
        throw HostFileException.unsafe(SOCKET + ": no containerd runs.");
      }
      return new CriImages(SOCKET);
    }

    private Command.Result run(String... words) throws IOException {
      var command = new ArrayList<String>();
      command.add(program.toString());
      command.addAll(List.of(words));
      return new Command(command, LIMIT).run();
    }
  }
}
