package dev.tidewaiter.target.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.target.host.HostScene.Wishes;
import dev.tidewaiter.target.host.docker.DockerRuntime;
import dev.tidewaiter.testing.Await;
import dev.tidewaiter.testing.InMemory;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A user puts a FIFO where our file or its directory was, after it was checked and before it is
/// opened: that user's change fails, and everybody else's is done.
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostFifoTest {
  private static final Duration LIMIT = Duration.ofMillis(500);
  private static final String FILE = "home/alice/.docker/config.json";
  private static final String OTHERS = "home/bob/.docker/config.json";
  private static final Wishes WISHES =
      new Wishes()
          .login(of("alice"), "auths/quay.test", "secret")
          .login(of("bob"), "auths/quay.test", "secret");

  @TempDir(factory = InMemory.class)
  private Path directory;

  private SceneHost host;

  private static ResourceId of(String user) {
    return new ResourceId(ResourceKind.USER_CREDENTIALS, "docker", user);
  }

  @BeforeEach
  void createHost() throws IOException {
    var scene =
        new HostScene(
            "fifo",
            (changes, sealer, root) ->
                new DockerRuntime(
                    changes,
                    DockerRuntime.engineFor(root),
                    sealer,
                    Duration.ofMillis(100),
                    System::nanoTime),
            Map.of(
                "etc/passwd",
                "alice:x:0:0::/home/alice:/bin/sh\nbob:x:0:0::/home/bob:/bin/sh\n",
                FILE,
                "{}",
                OTHERS,
                "{}"),
            WISHES,
            WISHES);
    host = SceneHost.create(scene, directory);
  }

  /// What somebody does just before a path is opened.
  private interface Prank {
    void play(Path path) throws IOException;
  }

  /// Files of the host, one of which is played a prank on each time it is opened.
  private LocalFiles with(String place, Prank prank) {
    var opener =
        new Opener(LIMIT) {
          @Override
          <T extends Closeable> CompletableFuture<T> start(HostPath path, Opening<T> opening)
              throws IOException {
            if (path.text().equals(place)) {
              prank.play(host.root().resolve(place));
            }
            return super.start(path, opening);
          }
        };
    return new LocalFiles(host.root(), opener);
  }

  @ParameterizedTest
  @ValueSource(strings = {FILE, "home/alice/.docker"})
  void doesNotWaitForAFifo(String place) throws Exception {
    Path path = host.root().resolve(place);

    assertRefused(with(place, HostFifoTest::putFifo));

    assertThat(isFifo(path)).isTrue();
    assertThat(waiting()).isZero();
    assertRefused(new LocalFiles(host.root()));
    assertServedAgain(path);
  }

  @Test
  void doesNotReadFromAFifoThatSomebodyElseHasOpen() throws Exception {
    Path path = host.root().resolve(FILE);
    putFifo(path);
    try (var writer = new RandomAccessFile(path.toFile(), "rw")) {
      Path aside = directory.resolve("fifo");
      Files.move(path, aside);
      Files.writeString(path, "{}");

      assertRefused(
          with(
              FILE,
              opened -> {
                Files.deleteIfExists(opened);
                Files.createLink(opened, aside);
              }));
      writer.write('x');
      assertThat(writer.read()).as("nothing else was read or written").isEqualTo('x');
    }
    assertServedAgain(path);
  }

  @Test
  void waitsWithOneThreadForAFifoThatIsMovedOutOfReach() throws Exception {
    Path path = host.root().resolve(FILE);
    Path aside = directory.resolve("fifo");
    LocalFiles files =
        with(
            FILE,
            opened -> {
              if (!Files.exists(aside)) {
                putFifo(opened);
                moveOnceOpened(opened, aside);
              }
            });

    assertRefused(files);
    assertRefused(files);

    assertThat(waiting()).isOne();
    new RandomAccessFile(aside.toFile(), "rw").close();
    Await.until(Duration.ofSeconds(5), () -> assertThat(waiting()).isZero());
    assertThat(host.cycle(WISHES, files).isDone()).isTrue();
    assertThat(path).content().contains("quay.test");
  }

  // Within the limit, and so before the other end would be opened.
  private static void moveOnceOpened(Path path, Path aside) {
    Thread.ofVirtual()
        .start(
            () -> {
              Await.until(Duration.ofSeconds(5), () -> assertThat(waiting()).isOne());
              try {
                Files.move(path, aside);
                Files.writeString(path, "{}");
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  private void assertRefused(LocalFiles files) throws TargetException {
    List<Outcome> outcomes = host.cycle(WISHES, files).outcomes();

    assertThat(outcomes)
        .filteredOn(Outcome.Failed.class::isInstance)
        .singleElement()
        .asString()
        .contains(FailureReason.Unsafe.name(), "/home/alice/.docker");
    assertThat(host.root().resolve(OTHERS)).content().contains("quay.test");
  }

  private void assertServedAgain(Path fifo) throws Exception {
    Files.delete(fifo);
    assertThat(host.cycle(WISHES, new LocalFiles(host.root())).isDone()).isTrue();
    assertThat(host.root().resolve(FILE)).content().contains("quay.test");
  }

  private static void putFifo(Path path) throws IOException {
    if (isFifo(path)) {
      return;
    }
    if (Files.isDirectory(path)) {
      Files.deleteIfExists(path.resolve("config.json"));
    }
    Files.delete(path);
    Process process = new ProcessBuilder("mkfifo", path.toString()).start();
    assertThat(process.onExit().join().exitValue()).isZero();
  }

  private static boolean isFifo(Path path) throws IOException {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && (boolean) Files.getAttribute(path, "isOther", LinkOption.NOFOLLOW_LINKS);
  }

  /// Threads that are in a system call to open something.
  private static long waiting() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().equals("open"))
        .filter(thread -> List.of(thread.getValue()).toString().contains("openat"))
        .count();
  }
}
