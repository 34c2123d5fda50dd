package dev.tidewaiter.target.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.TargetException;
import dev.tidewaiter.target.host.FailingFiles.Trouble;
import dev.tidewaiter.testing.HostParts;
import dev.tidewaiter.testing.InMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Something stands where a file or directory should be, at each component of each file that any
/// runtime writes: it is not followed, not opened and not replaced.
class HostObstaclesTest {
  @TempDir(factory = InMemory.class)
  private Path directory;

  enum Obstacle {
    LINK_TO_A_DIRECTORY,
    LINK_TO_A_FILE,
    DANGLING_LINK,
    FIFO,
    DIRECTORY;

    void put(Path place, Path outside) throws IOException, InterruptedException {
      switch (this) {
        case LINK_TO_A_DIRECTORY -> Files.createSymbolicLink(place, outside);
        case LINK_TO_A_FILE -> Files.createSymbolicLink(place, outside.resolve("theirs.json"));
        case DANGLING_LINK -> Files.createSymbolicLink(place, outside.resolve("not there"));
        case FIFO -> {
          Process process = new ProcessBuilder("mkfifo", place.toString()).start();
          assertThat(process.waitFor()).isZero();
        }
        case DIRECTORY -> Files.createDirectory(place);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void refusesWhatStandsInItsWay(Obstacle obstacle) throws Exception {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("theirs.json"), "{}");
    Map<String, String> untouched = HostParts.of(outside);
    for (HostScene scene : HostScene.all(HostFaultsTest.material(directory))) {
      int number = 0;
      for (String place : places(scene, obstacle)) {
        SceneHost host = SceneHost.create(scene, directory.resolve(scene.name() + "-" + number++));
        Path path = host.root().resolve(place);
        clear(path);
        obstacle.put(path, outside);
        assertRefused(host, place);
        assertThat(HostParts.of(outside)).isEqualTo(untouched);
        assertThat(Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)).as(place).isFalse();
      }
      assertThat(number).as(scene.name()).isPositive();
    }
  }

  private static void assertRefused(SceneHost host, String place) {
    try {
      assertThat(host.cycle(host.scene().first(), Trouble.none()).outcomes())
          .as(place)
          .hasAtLeastOneElementOfType(Outcome.Failed.class);
    } catch (TargetException e) {
      // Then nothing was planned.
      assertThat(e).hasMessageContaining("could not be read");
    }
  }

  /// Paths of what the scene writes, and for all but a directory, of every directory above.
  private List<String> places(HostScene scene, Obstacle obstacle) throws Exception {
    SceneHost host = SceneHost.create(scene, directory.resolve(scene.name()));
    host.converge(scene.first());
    var places = new ArrayList<String>();
    for (HostPath file : host.record().files().keySet()) {
      places.add(file.text());
      for (HostPath above = file.parent();
          obstacle != Obstacle.DIRECTORY && !above.equals(HostPath.ROOT);
          above = above.parent()) {
        places.add(above.text());
      }
    }
    return places.stream().distinct().toList();
  }

  private static void clear(Path path) throws IOException {
    Files.createDirectories(path.getParent());
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> paths = Files.walk(path)) {
        for (Path one : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(one);
        }
      }
    }
  }
}
