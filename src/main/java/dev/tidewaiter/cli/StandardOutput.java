package dev.tidewaiter.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;

/// The process's standard output, which swallows what cannot be written: a full disk would
/// otherwise be success.
final class StandardOutput {
  private static final Path FILE = Path.of("/dev/stdout");

  // Source: inode(7).
  private static final int TYPE = 0170000;
  private static final int PIPE = 0010000;
  private static final int SOCKET = 0140000;

  private StandardOutput() {}

  /// What the process ends with: the exit code of a command that did its work, unless what it
  /// printed is lost. A reader that has seen enough loses nothing.
  static int delivered(int exitCode, CommandLine commandLine) {
    boolean lost = commandLine.getOut().checkError() || System.out.checkError();
    if (!lost || isRead()) {
      return exitCode;
    }
    commandLine
        .getErr()
        .println(
            "standard output: It cannot be written, and what was printed is not all there.\n"
                + "  Make room, or send it elsewhere.");
    boolean good = exitCode == ExitCode.OK.number() || exitCode == ExitCode.DIFFERENCES.number();
    return good ? ExitCode.USAGE.number() : exitCode;
  }

  // Of what another process reads, a write fails for one reason: that process has ended.
  private static boolean isRead() {
    try {
      return switch ((int) Files.getAttribute(FILE, "unix:mode") & TYPE) {
        case PIPE, SOCKET -> true;
        default -> false;
      };
    } catch (IOException | UnsupportedOperationException _) {
      return false;
    }
  }
}
