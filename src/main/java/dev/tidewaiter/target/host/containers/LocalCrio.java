package dev.tidewaiter.target.host.containers;

import dev.tidewaiter.target.host.Command;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.LocalProcess;
import dev.tidewaiter.target.host.SocketHolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.LongSupplier;

/// The CRI-O of this machine, found by its socket. As SIGHUP ends a program that does not expect
/// it, only a holder that runs a program of the name `crio` is signalled.
///
/// Whether it took the registries up only its log says: it keeps those it has if a file is broken.
/// Without a journal that is not known, and the trial before has to do.
///
/// Source: `ReloadRegistries` in cri-o `pkg/config/reload.go`.
final class LocalCrio implements Crio {
  static final Path SOCKET = Path.of("/var/run/crio/crio.sock");

  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration BETWEEN = Duration.ofMillis(100);
  private static final String TAKEN_UP = "applied new registry configuration";
  private static final String REFUSED = "system registries reload failed";

  private final Path socket;
  private final LongSupplier nanoTime;

  /// @param nanoTime a monotonic clock, in nanoseconds
  LocalCrio(Path socket, LongSupplier nanoTime) {
    this.socket = socket;
    this.nanoTime = nanoTime;
  }

  @Override
  public Optional<String> process() throws IOException {
    return find()
        .map(
            pid ->
                pid
                    + " since "
                    + ProcessHandle.of(pid)
                        .flatMap(process -> process.info().startInstant())
                        .map(Instant::toString)
                        .orElse("an unknown time"));
  }

  private Optional<Long> find() throws IOException {
    if (!Files.exists(socket)) {
      return Optional.empty();
    }
    SortedSet<Long> holders = SocketHolders.of(socket).processes();
    if (holders.isEmpty()) {
      return Optional.empty();
    }
    long pid = holders.first();
    if (holders.size() > 1 || !new LocalProcess(pid).program().equals("crio")) {
      throw HostFileException.unsafe(
          socket + ": it is not CRI-O alone that listens there, so nothing is signalled.");
    }
    return Optional.of(pid);
  }

  @Override
  public boolean reload() throws IOException {
    Optional<Long> found = find();
    if (found.isEmpty()) {
      return true;
    }
    String pid = found.get().toString();
    String cursor = cursor(pid);
    if (!new Command(List.of("/bin/sh", "-c", "kill -HUP \"$0\"", pid), LIMIT).succeeds()) {
      throw new IOException(socket + ": CRI-O could not be signalled.");
    }
    return cursor.isEmpty() || tookUp(pid, cursor);
  }

  private boolean tookUp(String pid, String cursor) throws IOException {
    long start = nanoTime.getAsLong();
    while (nanoTime.getAsLong() - start < LIMIT.toNanos()) {
      String log = journal(pid, "--after-cursor=" + cursor).toLowerCase(Locale.ROOT);
      if (log.contains(REFUSED)) {
        return false;
      }
      if (log.contains(TAKEN_UP) || !pause()) {
        return true;
      }
    }
    return ProcessHandle.of(Long.parseLong(pid)).isPresent();
  }

  /// Where the journal ends now; empty if there is none of it.
  private static String cursor(String pid) throws IOException {
    String prefix = "-- cursor: ";
    return journal(pid, "--lines=0", "--show-cursor")
        .lines()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()).strip())
        .findFirst()
        .orElse("");
  }

  private static String journal(String pid, String... options) throws IOException {
    if (!Files.isExecutable(Path.of("/usr/bin/journalctl"))) {
      return "";
    }
    var words = new ArrayList<>(List.of("/usr/bin/journalctl", "--quiet"));
    words.addAll(List.of("--no-pager", "--output=cat", "_PID=" + pid));
    words.addAll(List.of(options));
    return new Command(words, LIMIT).run().output();
  }

  private static boolean pause() {
    try {
      Thread.sleep(BETWEEN);
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
