package dev.tidewaiter.target.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The processes of this machine that listen on a unix socket, found by its inode: whoever holds
/// the listening socket answers on it, whatever its name or its unit.
///
/// The list of sockets has each name as it was given, by any user, in any directory and any mount
/// namespace. So a name is compared as text, and a process counts only if it is root's or ours and
/// sees the same socket file. A name with a line feed looks like a line more; by that a process of
/// root can be made to count that listens elsewhere, and with several nothing is done.
///
/// @param processes without process 1, and without children that still hold their parent's socket
/// @param activated whether process 1 holds it too, which is systemd's socket activation
public record SocketHolders(SortedSet<Long> processes, boolean activated) {
  private static final Path PROC = Path.of("/proc");
  private static final Pattern SPACES = Pattern.compile(" +");

  /// @param socket exists; links on the way to it are followed
  public static SocketHolders of(Path socket) throws IOException {
    Path real = socket.toRealPath();
    var holders = new TreeSet<Long>();
    for (String inode : inodes(names(socket, real))) {
      holders.addAll(holders("socket:[" + inode + "]"));
    }
    holders.removeIf(pid -> !isMeant(new LocalProcess(pid), real));
    boolean activated = holders.remove(1L);
    removeForks(holders);
    return new SocketHolders(holders, activated);
  }

  // A process that a daemon starts holds its sockets until it has become the other program.
  private static void removeForks(SortedSet<Long> holders) {
    var all = Set.copyOf(holders);
    holders.removeIf(pid -> parent(pid).filter(all::contains).isPresent());
  }

  private static Optional<Long> parent(long pid) {
    return ProcessHandle.of(pid).flatMap(ProcessHandle::parent).map(ProcessHandle::pid);
  }

  // Others' and those that cannot be looked at: of these we could signal none either.
  private static boolean isMeant(LocalProcess process, Path real) {
    try {
      return process.isTrusted() && process.sees(real);
    } catch (IOException _) {
      return false;
    }
  }

  // `/run` is what `/var/run` leads to, and either may have been given.
  private static Set<String> names(Path socket, Path real) throws IOException {
    var names = new TreeSet<>(List.of(socket.toAbsolutePath().toString(), real.toString()));
    var other = Path.of("/var" + real);
    if (Files.exists(other) && Files.isSameFile(other, real)) {
      names.add(other.toString());
    }
    return names;
  }

  // Columns: Num RefCount Protocol Flags Type St Inode Path; proc_net_unix(5). Connections that
  // were accepted carry the path of the listening socket too; __SO_ACCEPTCON in Flags tells them
  // apart.
  private static List<String> inodes(Set<String> names) throws IOException {
    var inodes = new ArrayList<String>();
    String list = Files.readString(PROC.resolve("net/unix"), StandardCharsets.ISO_8859_1);
    for (String line : list.split("\n", -1)) {
      List<String> columns = List.of(SPACES.split(line.strip(), 8));
      if (columns.size() == 8
          && columns.get(3).equals("00010000")
          && names.contains(columns.get(7))) {
        inodes.add(columns.get(6));
      }
    }
    return inodes;
  }

  private static List<Long> holders(String link) throws IOException {
    var holders = new ArrayList<Long>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process.resolve("fd"), link)) {
          holders.add(Long.valueOf(process.getFileName().toString()));
        }
      }
    }
    return holders;
  }

  private static boolean holds(Path descriptors, String link) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(descriptors)) {
      for (Path entry : entries) {
        if (leadsTo(entry, link)) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException _) {
      // It ended meanwhile, or is not ours to look at; then we could not signal it either.
    }
    return false;
  }

  // A busy process closes others while they are listed; that says nothing of the socket.
  private static boolean leadsTo(Path entry, String link) {
    try {
      return Files.readSymbolicLink(entry).toString().equals(link);
    } catch (IOException _) {
      return false;
    }
  }
}
