package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.LocalProcess;
import dev.tidewaiter.target.host.SocketHolders;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import java.util.regex.Pattern;

/// The dockerd of this machine, found by the inode of its socket: the process that holds the
/// listening socket is the one that answers on it, whatever its name or its unit.
///
/// With socket activation systemd holds the same socket; process 1 is therefore never meant. And as
/// SIGHUP ends a program that does not expect it (podman's service may listen on docker.sock), a
/// holder that does not run a program of the name `dockerd` is refused.
public final class LocalEngine implements DockerEngine {
  /// Where dockerd listens unless told otherwise.
  public static final Path SOCKET = Path.of("/var/run/docker.sock");

  private static final Path SETTINGS = Path.of("/etc/docker");
  private static final Path PROC = Path.of("/proc");
  private static final Pattern NUL = Pattern.compile("\0");

  private final Path socket;

  public LocalEngine(Path socket) {
    this.socket = socket;
  }

  @Override
  public Optional<Running> find() throws IOException {
    if (!Files.exists(socket)) {
      requireNoneElsewhere();
      return Optional.empty();
    }
    Path real = socket.toRealPath();
    SocketHolders found = SocketHolders.of(socket);
    SortedSet<Long> holders = found.processes();
    if (holders.isEmpty()) {
      if (!found.activated()) {
        requireSilence(real);
      }
      requireNoneElsewhere();
      return Optional.empty();
    }
    if (holders.size() > 1) {
      throw HostFileException.unsafe(
          socket + ": several processes hold it, " + holders + ", so none is signalled.");
    }
    long pid = holders.first();
    requireDockerd(pid);
    return Optional.of(new LiveEngine(real, pid, flags(pid)));
  }

  // What is written for an engine that is believed to be stopped is not reloaded: so a dockerd that
  // reads the same files must not run unseen. One in a container, with files of its own, is none;
  // nor is a user's, who has others.
  private void requireNoneElsewhere() throws IOException {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path entry : processes) {
        var process = new LocalProcess(Long.parseLong(entry.getFileName().toString()));
        if (runsDockerd(process) && readsOurFiles(process)) {
          throw HostFileException.unsafe(
              socket
                  + ": dockerd runs as process "
                  + process.pid()
                  + " but does not listen there. Let it listen there too; Tidewaiter looks after no"
                  + " other engine.");
        }
      }
    }
  }

  // Not for a process that ended meanwhile, or is not ours to look at.
  private static boolean runsDockerd(LocalProcess process) {
    try {
      return process.program().equals("dockerd") && process.isTrusted();
    } catch (IOException _) {
      return false;
    }
  }

  // By the directory and not by the mount namespace: our unit has one of its own. Where one of us
  // has no such directory, by the one above it; what cannot be compared counts as ours.
  private static boolean readsOurFiles(LocalProcess process) {
    for (Path directory = SETTINGS; directory != null; directory = directory.getParent()) {
      try {
        return process.sees(directory);
      } catch (IOException _) {
        // Compared by the next one.
      }
    }
    return ProcessHandle.of(process.pid()).isPresent();
  }

  // A socket that systemd holds is not tried: that would start dockerd.
  private void requireSilence(Path real) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(real));
    } catch (SocketException _) {
      return;
    }
    throw HostFileException.unsafe(
        socket
            + ": something answers there, but its process is in another namespace or hidden from"
            + " us, so it cannot be told to reload. Run Tidewaiter on the host itself, as root.");
  }

  private void requireDockerd(long pid) throws IOException {
    String program = new LocalProcess(pid).program();
    if (!program.equals("dockerd")) {
      throw HostFileException.unsafe(
          socket + ": `" + program + "` listens there and not dockerd, so it is not signalled.");
    }
  }

  private static DaemonFlags flags(long pid) throws IOException {
    String line = Files.readString(PROC.resolve(pid + "/cmdline"), StandardCharsets.UTF_8);
    return new DaemonFlags(NUL.splitAsStream(line).skip(1).toList());
  }
}
