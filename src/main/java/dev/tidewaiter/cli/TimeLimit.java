package dev.tidewaiter.cli;

import dev.tidewaiter.source.SourceException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// How long a command may read declarations. What only computes cannot be interrupted: it is left
/// to a thread that ends with the process.
record TimeLimit(Duration limit) {
  /// As long as a daemon lets a revision be loaded before it counts as rejected.
  static final TimeLimit OF_READING = new TimeLimit(Duration.ofMinutes(10));

  /// Reads declarations.
  interface Work<T> {
    T run() throws SourceException, CommandFailure;
  }

  /// @throws CommandFailure also if it takes longer
  <T> T keep(Work<T> work) throws SourceException, CommandFailure {
    var task = new FutureTask<T>(work::run);
    Thread.ofPlatform().daemon().name("reading").start(task);
    try {
      return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      throw new CommandFailure(
          ExitCode.REJECTED,
          "The declarations were not read within %d s.%n  Use fewer and simpler files, also in `.tidewaiterignore`."
              .formatted(limit.toSeconds()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case SourceException unreadable -> throw unreadable;
        case CommandFailure failure -> throw failure;
        case RuntimeException defect -> throw defect;
        case Error defect -> throw defect;
        case null, default -> throw new IllegalStateException("it throws nothing else", e);
      }
    }
  }
}
