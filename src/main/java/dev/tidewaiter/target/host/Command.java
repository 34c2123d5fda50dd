package dev.tidewaiter.target.host;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

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

  /// How long a full pipe may hold the program up.
  private static final Duration PAUSE = Duration.ofMillis(20);

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
    Process process = builder.start();
    CompletableFuture<?> alarm =
        CompletableFuture.runAsync(
            () -> end(process),
            CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS));
    try (InputStream stream = process.getInputStream()) {
      process.getOutputStream().close();
      var output = new ByteArrayOutputStream();
      boolean ended = false;
      while (!ended && !alarm.isDone()) {
        ended = process.waitFor(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        take(stream, output);
      }
      if (!alarm.cancel(false)) {
        throw new IOException(words.getFirst() + ": it did not end within " + limit + ".");
      }
      return new Result(process.exitValue(), output.toString(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(words.getFirst() + ": interrupted", e);
    } finally {
      boolean _ = alarm.cancel(false);
      if (process.isAlive()) {
        end(process);
      }
    }
  }

  // What is there now, so that nobody is waited for; a pipe holds no more than that.
  private static void take(InputStream stream, ByteArrayOutputStream output) throws IOException {
    byte[] bytes = stream.readNBytes(stream.available());
    output.write(bytes, 0, Math.min(bytes.length, MAX_BYTES - output.size()));
  }

  // By handle: the process itself would close its output while that is read.
  private static void end(Process process) {
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroyForcibly);
  }
}
