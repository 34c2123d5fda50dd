package dev.tidewaiter.target.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// A process of this machine, as `/proc` shows it. Anybody can run something of a runtime's name;
/// so whose it is comes first, and then which files it sees.
///
/// Source: proc_pid_status(5), proc_pid_root(5).
public record LocalProcess(long pid) {
  private static final Path PROC = Path.of("/proc");
  private static final String ROOT = "0";
  private static final String USERS = "Uid:\t";
  private static final Pattern LINES = Pattern.compile("\n");
  private static final Pattern TAB = Pattern.compile("\t");
  private static final int WRITABLE_BY_OTHERS = 0022;

  /// Whether it runs as root, or as the user that we are, and as nobody else: a set-user-ID program
  /// keeps the sockets of who called it, whose real user is still theirs.
  public boolean isTrusted() throws IOException {
    return trusted().containsAll(users(Long.toString(pid)));
  }

  private static Set<String> trusted() throws IOException {
    Set<String> trusted = users("self");
    trusted.add(ROOT);
    return trusted;
  }

  // Not the owner of its directory, which is root if the process wants it: PR_SET_DUMPABLE. Lines
  // end at a line feed alone, as the kernel writes them; its name, which comes before, may have a
  // carriage return.
  private static Set<String> users(String process) throws IOException {
    String status =
        Files.readString(PROC.resolve(process).resolve("status"), StandardCharsets.ISO_8859_1);
    String line =
        LINES
            .splitAsStream(status)
            .filter(found -> found.startsWith(USERS))
            .findFirst()
            .orElseThrow(() -> new IOException("/proc/" + process + "/status: it has no users"));
    return new TreeSet<>(Arrays.asList(TAB.split(line.substring(USERS.length()))));
  }

  /// Whether it sees the same file under a path as we do, whatever is mounted where.
  ///
  /// @param path without symbolic links
  /// @throws IOException also if one of us sees none
  public boolean sees(Path path) throws IOException {
    return Files.isSameFile(Path.of("/proc/" + pid + "/root" + path), path);
  }

  /// The program that it runs, to be run once more.
  public Path executable() {
    return PROC.resolve(Long.toString(pid)).resolve("exe");
  }

  /// The name of the program that it runs, also if that was replaced meanwhile.
  public String program() throws IOException {
    String name = Files.readSymbolicLink(executable()).getFileName().toString();
    return name.replace(" (deleted)", "");
  }

  /// Requires that nobody but root and us could have written a program, before it is run.
  public static void requireSound(Path program) throws IOException {
    String owner = Files.getAttribute(program, "unix:uid").toString();
    int mode = (int) Files.getAttribute(program, "unix:mode");
    if (!trusted().contains(owner) || (mode & WRITABLE_BY_OTHERS) != 0) {
      throw HostFileException.unsafe(
          program
              + ": others than root may write this program, so it is not run. Make it root's, and"
              + " writable by nobody else.");
    }
  }
}
