package dev.tidewaiter.testbed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A process that listens on a unix socket under a name of its own choice, and answers nobody.
///
/// Somebody else's takes every user that it has from `nobody` once it listens, and does what an
/// unprivileged process can to look like one of root: its directory in `/proc` is root's, and its
/// name looks like a line that says so.
public final class Listener implements AutoCloseable {
  private static final String CODE =
      """
      import ctypes, os, socket, sys
      name, *users = sys.argv[1:]
      server = socket.socket(socket.AF_UNIX)
      server.bind(name)
      server.listen()
      if users:
          os.setresuid(*map(int, users))
          libc = ctypes.CDLL(None)
          libc.prctl(4, 0, 0, 0, 0)
          libc.prctl(15, b"x\\rUid:\\t0", 0, 0, 0)
      print("listening", flush=True)
      sys.stdin.read()
      """;

  private final Process process;

  private Listener(Process process) {
    this.process = process;
  }

  /// What starts it.
  ///
  /// @param before words of a command that runs another
  /// @param python the program, which may be a copy under another name
  /// @param directory in which it is started, and which gets its script
  public record Start(List<String> before, Path python, Path directory) {
    public static Start in(Path directory) {
      return new Start(List.of(), interpreter(), directory);
    }

    /// Returns when it listens.
    ///
    /// @param users real, effective and saved, which it gets; those of the test if there are none
    public Listener listen(String name, int... users) {
      try {
        Path script = Files.writeString(directory.resolve("listen.py"), CODE);
        var words = new ArrayList<>(before);
        words.addAll(List.of(python.toString(), script.toString(), name));
        for (int user : users) {
          words.add(Integer.toString(user));
        }
        var builder = new ProcessBuilder(words).directory(directory.toFile());
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var listener = new Listener(process);
        listener.awaitListening();
        return listener;
      } catch (IOException e) {
        throw new UncheckedIOException(name, e);
      }
    }
  }

  /// The interpreter itself, for a copy.
  public static Path interpreter() {
    try {
      return TestBed.installed("/usr/bin/python3").toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitListening() throws IOException {
    BufferedReader reader = process.inputReader();
    if (!"listening".equals(reader.readLine())) {
      close();
      throw new IllegalStateException("it does not listen");
    }
  }

  public long pid() {
    return process.pid();
  }

  /// Ends it; the socket file stays.
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
