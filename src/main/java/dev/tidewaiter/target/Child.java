package dev.tidewaiter.target;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A process that we start, wait for and read; but not what it leaves running, such as a service,
/// which may keep its output open for ever. So only what is there is read: nothing ends a read that
/// waits.
public final class Child implements AutoCloseable {
  /// How often it is looked whether it printed anything, or ended: so long a full pipe may hold it
  /// up.
  private static final Duration STEP = Duration.ofMillis(10);

  private final Process process;

  private Child(Process process) {
    this.process = process;
  }

  /// @throws IOException if there is no such program
  public static Child start(ProcessBuilder builder) throws IOException {
    return new Child(builder.start());
  }

  /// Waits until it ends, with nothing on its standard input.
  ///
  /// @param maxBytes of its output; the rest is dropped
  /// @return what it printed; empty if it did not end in time
  public Optional<byte[]> await(Duration limit, int maxBytes)
      throws IOException, InterruptedException {
    process.getOutputStream().close();
    var output = new ByteArrayOutputStream();
    long start = System.nanoTime();
    boolean ended;
    do {
      ended = process.waitFor(STEP.toMillis(), TimeUnit.MILLISECONDS);
      take(process.getInputStream(), output, maxBytes);
    } while (!ended && System.nanoTime() - start < limit.toNanos());
    return ended ? Optional.of(output.toByteArray()) : Optional.empty();
  }

  // A pipe holds no more than what is there now.
  private static void take(InputStream stream, ByteArrayOutputStream output, int maxBytes)
      throws IOException {
    byte[] bytes = stream.readNBytes(stream.available());
    output.write(bytes, 0, Math.min(bytes.length, maxBytes - output.size()));
  }

  /// What it ended with.
  ///
  /// @throws IllegalThreadStateException if it has not
  public int status() {
    return process.exitValue();
  }

  /// Ends it, unless it ended by itself, and what it started: once it is gone, nobody tells what
  /// belonged to it.
  @Override
  public void close() throws IOException {
    if (process.isAlive()) {
      List<ProcessHandle> started = process.descendants().toList();
      process.destroyForcibly();
      started.forEach(ProcessHandle::destroyForcibly);
    }
    process.getInputStream().close();
  }
}
