package dev.tidewaiter.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The built program, started by its launcher, with what the kernel counts of it.
///
/// The launcher becomes the Java process by `exec`, so that its process id is the program's.
final class Launched implements AutoCloseable {
  private static final Path LAUNCHER = Path.of("target/dist/bin/tidewaiter").toAbsolutePath();
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final Process process;
  private final Path output;
  private final long startedAt;

  private Launched(Process process, Path output, long startedAt) {
    this.process = process;
    this.output = output;
    this.startedAt = startedAt;
  }

  /// What became of a command that ended.
  ///
  /// @param peakMegabytes resident memory, in units of 10^6 bytes
  /// @param wall process start included
  /// @param processors time of processors spent
  record Ended(Duration wall, Duration processors, long peakMegabytes) {}

  /// @param output gets both outputs
  static Launched start(Path output, String... arguments) {
    var command = new ArrayList<>(List.of(LAUNCHER.toString()));
    command.addAll(List.of(arguments));
    try {
      long startedAt = System.nanoTime();
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return new Launched(process, output, startedAt);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Runs a command to its end.
  ///
  /// @throws IllegalStateException with the end of its output, unless it succeeds
  static Ended run(Path output, String... arguments) {
    try (Launched launched = start(output, arguments)) {
      return launched.await();
    }
  }

  private Ended await() {
    long peak = 0;
    var spent = Duration.ZERO;
    long deadline = startedAt + LIMIT.toNanos();
    try {
      // Seldom, because to look takes time of the processors from what is measured.
      while (!process.waitFor(200, TimeUnit.MILLISECONDS)) {
        // The kernel's own high-water mark: only what is added within the last step is missed.
        peak = Math.max(peak, peakKilobytes());
        Duration soFar = processorTime();
        spent = soFar.compareTo(spent) > 0 ? soFar : spent;
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("still running after " + LIMIT + "\n" + tail());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    var wall = Duration.ofNanos(System.nanoTime() - startedAt);
    if (process.exitValue() != 0) {
      throw new IllegalStateException("ended with " + process.exitValue() + "\n" + tail());
    }
    return new Ended(wall, spent, peak * 1024 / 1_000_000);
  }

  /// `VmHWM`, from
  /// [proc_pid_status(5)](https://man7.org/linux/man-pages/man5/proc_pid_status.5.html).
  private long peakKilobytes() {
    try {
      for (String line : Files.readAllLines(proc("status"))) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
      }
      return 0;
    } catch (NoSuchFileException _) {
      return 0;
    } catch (IOException e) {
      // The process ended while it was read.
      return 0;
    }
  }

  long peakMegabytes() {
    return peakKilobytes() * 1024 / 1_000_000;
  }

  /// Time of processors spent so far, by the program itself and in the kernel for it.
  Duration processorTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String tail() {
    try {
      String text = Files.readString(output);
      return text.substring(Math.max(0, text.length() - 4_000));
    } catch (IOException e) {
      return "(output unreadable: " + e.getMessage() + ")";
    }
  }

  private Path proc(String name) {
    return Path.of("/proc", Long.toString(process.pid()), name);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
