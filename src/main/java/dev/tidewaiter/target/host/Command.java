package dev.tidewaiter.target.host;

import dev.tidewaiter.target.Child;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A program of the host, run and awaited: with nothing on its standard input, and nothing of our
/// environment but a plain `PATH`, `HOME` and a locale whose messages are known.
///
/// Its arguments are visible to every user of the host, so no secret is ever among them; its output
/// may quote files, so it is looked at and never reported.
///
/// @param words program and arguments; without a slash it is looked for in the usual directories
/// @param limit after which it is ended
public record Command(List<String> words, Duration limit) {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PATH",
          "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
          "HOME",
          "/root",
          "LC_ALL",
          "C.UTF-8");

  /// Far above what any of them says.
  private static final int MAX_BYTES = 1 << 20;

  public Command {
    words = List.copyOf(words);
  }

  /// What became of it.
  ///
  /// @param status 0 if it did what it should
  /// @param output of both streams, as they came, at most 1 MiB
  public record Result(int status, String output) {
    public boolean succeeded() {
      return status == 0;
    }
  }

  /// Waits for the program itself, and not for what it started and left running, such as a service,
  /// which may keep its output open for ever. If it does not end in time, both are ended.
  ///
  /// @throws IOException if there is no such program, or it did not end in time
  public Result run() throws IOException {
    var builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(ENVIRONMENT);
    try (Child child = Child.start(builder)) {
      byte[] output = child.await(limit, MAX_BYTES).orElseThrow(this::tooSlow);
      return new Result(child.status(), new String(output, StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(words.getFirst() + ": interrupted", e);
    }
  }

  private IOException tooSlow() {
    return new IOException(words.getFirst() + ": it did not end within " + limit + ".");
  }
}
