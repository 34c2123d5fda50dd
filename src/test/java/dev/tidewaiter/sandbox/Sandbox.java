package dev.tidewaiter.sandbox;

import dev.tidewaiter.cli.Main;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Runs the daemon with nothing configured: makes a directory with all that it needs, starts the
/// stand-ins, and hands over to the command `run`.
public final class Sandbox {
  private static final int USAGE = 2;

  private Sandbox() {}

  /// @param arguments at most one: the directory, `target/sandbox` by default
  public static void main(String[] arguments) {
    Path given = Path.of(arguments.length == 0 ? "target/sandbox" : arguments[0]);
    // Held until the process ends: a lock goes with the last reference to it.
    try (SandboxDirectory sandbox = SandboxDirectory.open(given)) {
      var around = StandIns.start(sandbox, List.of("sandbox"));
      System.out.print(
          new Guide(given, around.cluster().address(), around.registry().address(), around.listen())
              .text());
      Main.main(
          new String[] {
            "run", "--config", around.configuration().toString(), "--plans", "--log-level", "warn",
          });
    } catch (IOException e) {
      System.err.println(e.getMessage());
      System.exit(USAGE);
    }
  }
}
