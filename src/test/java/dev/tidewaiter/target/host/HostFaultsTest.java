package dev.tidewaiter.target.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.target.host.FailingFiles.Fault;
import dev.tidewaiter.target.host.FailingFiles.Trouble;
import dev.tidewaiter.target.host.HostScene.Wishes;
import dev.tidewaiter.testbed.TestCertificates;
import dev.tidewaiter.testing.HostParts;
import dev.tidewaiter.testing.InMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A step of the file system fails, each in its turn: every file is then as it was or as it should
/// be, and the next cycle finishes.
class HostFaultsTest {
  private static final Wishes NOTHING = new Wishes();

  @TempDir private static Path shared;

  // Every step is synced, and only what was synced counts here, so memory does as well as a disk.
  @TempDir(factory = InMemory.class)
  private Path directory;

  static Stream<Arguments> scenesAndFaults() throws IOException {
    return HostScene.all(material(shared)).stream()
        .flatMap(
            scene ->
                Stream.of(
                    Arguments.of(scene, Fault.DISK_FULL, true),
                    Arguments.of(scene, Fault.DENIED, false),
                    Arguments.of(scene, Fault.NOT_SYNCED, false),
                    Arguments.of(scene, Fault.UNREADABLE, false)));
  }

  static HostScene.Material material(Path shared) throws IOException {
    TestCertificates one = TestCertificates.create(Files.createDirectory(shared.resolve("one")));
    TestCertificates two = TestCertificates.create(Files.createDirectory(shared.resolve("two")));
    TestCertificates.Issued client = one.client("puller");
    TestCertificates.Issued other = two.client("puller");
    return new HostScene.Material(
        Files.readString(one.ca()),
        Files.readString(two.ca()),
        Files.readString(client.certificate()),
        Files.readString(client.key()),
        Files.readString(other.certificate()),
        Files.readString(other.key()));
  }

  @ParameterizedTest(name = "{0} {1} lasting {2}")
  @MethodSource("scenesAndFaults")
  void leavesEachPartAsItWasOrAsItShouldBe(HostScene scene, Fault fault, boolean lasting)
      throws Exception {
    SceneHost host = SceneHost.create(scene, directory);
    List<Move> moves = moves(host);
    boolean happened = true;
    // A cycle reads far more often than it changes anything, and much the same each time.
    int stride = fault == Fault.UNREADABLE ? 7 : 1;
    for (int step = 0; happened; step += stride) {
      happened = false;
      for (Move move : moves) {
        var trouble = new Trouble(fault, lasting, step);
        host.disturbed(move.wishes(), trouble);
        happened |= trouble.happened();
        assertLiesBetween(move, parts(host), "step " + step);
        if (fault == Fault.DISK_FULL) {
          assertThat(parts(host).keySet()).noneMatch(part -> part.endsWith(".tidewaiter"));
        }
        host.converge(move.wishes());
        assertThat(host.tree()).as("converged after step " + step).isEqualTo(move.tree());
      }
      assertThat(host.environments()).isEmpty();
    }
  }

  /// A cycle, and how the host looks without any fault.
  private record Move(
      Map<String, String> before,
      Wishes wishes,
      Map<String, String> after,
      Map<String, String> tree) {}

  private static List<Move> moves(SceneHost host) throws Exception {
    var moves = new ArrayList<Move>();
    Map<String, String> untouched = host.tree();
    for (Wishes wishes : List.of(host.scene().first(), host.scene().second(), NOTHING)) {
      Map<String, String> before = parts(host);
      host.converge(wishes);
      moves.add(new Move(before, wishes, parts(host), host.tree()));
    }
    assertThat(host.tree()).isEqualTo(untouched);
    return moves;
  }

  // Whatever is rendered as a whole changes in two steps where something comes and something goes.
  private static Map<String, String> parts(SceneHost host) throws IOException {
    Map<String, String> parts = HostParts.of(host.root());
    parts.replaceAll(
        (name, text) -> name.endsWith(".toml") || name.endsWith(".conf") ? "it parses" : text);
    return parts;
  }

  private static void assertLiesBetween(Move move, Map<String, String> parts, String when) {
    parts.forEach(
        (part, content) -> {
          if (!part.endsWith(".tidewaiter")) {
            assertThat(content)
                .as(part + " at " + when)
                .isIn(move.before().get(part), move.after().get(part));
          }
        });
    assertThat(parts.keySet())
        .as(when)
        .containsAll(move.before().keySet().stream().filter(move.after()::containsKey).toList());
  }
}
