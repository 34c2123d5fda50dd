package dev.tidewaiter.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The product itself as a process of its own, started as its launcher starts it: what a user sees
/// of it is its exit code and its two outputs.
public final class TidewaiterProcess implements AutoCloseable {
  private final Process process;
  private final Path stdout;
  private final Path stderr;

  private TidewaiterProcess(Process process, Path stdout, Path stderr) {
    this.process = process;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /// What a command that ended came to.
  public record Result(int exitCode, String stdout, String stderr) {
    /// Both outputs, for a search.
    public String output() {
      return stdout + "\n" + stderr;
    }
  }

  /// Starts a command; its outputs go to two new files in `directory`.
  public static TidewaiterProcess start(Path directory, String... arguments) {
    return start(directory, Map.of(), arguments);
  }

  /// The same with more variables in its environment.
  public static TidewaiterProcess start(
      Path directory, Map<String, String> environment, String... arguments) {
    var command = new ArrayList<>(Confinement.words());
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx200m",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.tidewaiter.cli.Main"));
    command.addAll(List.of(arguments));
    try {
      Path stdout = Files.createTempFile(directory, "tidewaiter-", ".out");
      Path stderr = Files.createTempFile(directory, "tidewaiter-", ".err");
      var builder = new ProcessBuilder(command).redirectOutput(stdout.toFile());
      builder.redirectError(stderr.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("VAULT_"));
      builder.environment().putAll(Map.of("LC_ALL", "C.UTF-8"));
      builder.environment().putAll(environment);
      Process process = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return new TidewaiterProcess(process, stdout, stderr);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Runs a command to its end, at most a minute.
  public static Result run(Path directory, String... arguments) {
    return run(directory, Map.of(), arguments);
  }

  /// The same with more variables in its environment.
  public static Result run(Path directory, Map<String, String> environment, String... arguments) {
    try (TidewaiterProcess started = start(directory, environment, arguments)) {
      return started.await(Duration.ofMinutes(1));
    }
  }

  /// Waits for the end.
  ///
  /// @throws IllegalStateException with both outputs if it does not come in time
  public Result await(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("still running after " + limit + "\n" + output());
      }
      return new Result(process.exitValue(), read(stdout), read(stderr));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// What it printed so far, on both outputs.
  public String output() {
    return read(stdout) + "\n" + read(stderr);
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /// Ends it as Ctrl-C and systemd do, and waits.
  public Result stop() {
    process.destroy();
    return await(Duration.ofSeconds(30));
  }

  /// Ends it as a power cut does.
  public void kill() {
    process.destroyForcibly();
    await(Duration.ofSeconds(10));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
