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

  /// Waits for the program itself, and not for what it started and left running, which loses its
  /// output then. If it does not end in time, both are ended.
  ///
  /// @throws IOException if there is no such program, or it did not end in time
  public Result run() throws IOException {
    return run(builder());
  }

  /// The same for a program that may leave a service running, such as one with hooks: nobody reads
  /// its output, so that whatever inherits it may write for as long as it lives. A pipe would end
  /// the service with SIGPIPE, as the JDK closes our end when the program ends.
  ///
  /// @return whether it did what it should
  /// @throws IOException if there is no such program, or it did not end in time
  public boolean succeeds() throws IOException {
    return run(builder().redirectOutput(ProcessBuilder.Redirect.DISCARD)).succeeded();
  }

  private ProcessBuilder builder() {
    var builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(ENVIRONMENT);
    return builder;
  }

  private Result run(ProcessBuilder builder) throws IOException {
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
