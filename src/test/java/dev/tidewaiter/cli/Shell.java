package dev.tidewaiter.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/// The program as a shell sees it, but within this process.
final class Shell {
  private Shell() {}

  /// What a command printed, and what it ended with.
  record Ended(int exitCode, String out, String err) {}

  static Ended run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exitCode =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ended(exitCode, out.toString(), err.toString());
  }
}
