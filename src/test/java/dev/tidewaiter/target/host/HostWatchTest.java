package dev.tidewaiter.target.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testing.Await;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostWatchTest {
  private static final HostPath DOCKER = new HostPath("etc/docker");

  @TempDir private Path directory;
  private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();

  /// A system that has no watch left until another program gives one back.
  private static final class Exhausted {
    private final AtomicInteger trials = new AtomicInteger();
    private volatile boolean over;

    WatchService open() throws IOException {
      trials.incrementAndGet();
      if (!over) {
        throw new IOException("User limit of inotify instances reached or too many open files");
      }
      return FileSystems.getDefault().newWatchService();
    }
  }

  @BeforeEach
  void createHost() throws IOException {
    Files.createDirectories(directory.resolve(DOCKER.text()));
  }

  private HostWatch start(WatchedDirectories.Wanted wanted, HostWatch.Opening opening) {
    return HostWatch.start(
        new WatchedDirectories(directory, wanted),
        event -> events.add(event.scope()),
        new HostWatch.Trials(opening, Duration.ofMillis(20)));
  }

  private void change(String name) throws IOException {
    Files.writeString(directory.resolve(DOCKER.text()).resolve(name), "changed");
  }

  private String event() throws InterruptedException {
    String scope = events.poll(10, TimeUnit.SECONDS);
    return scope == null ? "none" : scope;
  }

  @Test
  void startsWithoutAWatchAndTellsWhatWasMissedWhenItHasOne() throws Exception {
    var system = new Exhausted();
    try (HostWatch _ = start(() -> Map.of(DOCKER, "docker"), system::open)) {
      change("missed");
      assertThat(system.trials).hasPositiveValue();
      assertThat(events).isEmpty();
      system.over = true;
      assertThat(event()).isEqualTo("docker");
      change("seen");
      assertThat(event()).isEqualTo("docker");
    }
  }

  @Test
  void tellsOfADirectoryThatNeverRestsAgainAndAgain() {
    try (HostWatch _ =
        start(() -> Map.of(DOCKER, "docker"), FileSystems.getDefault()::newWatchService)) {
      for (int i = 0; i < 3; i++) {
        Await.until(
            Duration.ofSeconds(10),
            () -> {
              change("restless");
              assertThat(events.poll()).isEqualTo("docker");
            });
      }
    }
  }

  @Test
  void goesOnAfterADefect() throws Exception {
    var asked = new AtomicInteger();
    WatchedDirectories.Wanted wanted =
        () -> {
          if (asked.incrementAndGet() == 2) {
            throw new IllegalStateException("a defect");
          }
          return Map.of(DOCKER, "docker");
        };
    try (HostWatch _ = start(wanted, FileSystems.getDefault()::newWatchService)) {
      change("lost with the defect");
      Await.until(Duration.ofSeconds(10), () -> assertThat(asked).hasValueGreaterThanOrEqualTo(2));
      change("seen");
      assertThat(event()).isEqualTo("docker");
    }
  }
}
