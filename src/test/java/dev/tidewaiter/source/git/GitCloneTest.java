package dev.tidewaiter.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.model.Revision;
import dev.tidewaiter.source.SourceException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The clone on disk: what damages it, and what is left there.
class GitCloneTest extends GitSourceScenario {
  @Test
  void fetchesNothingWhenNothingChanged() throws Exception {
    repository.write("a.yaml", "a").commit("First");
    try (GitSource source = source(MAIN, ".")) {
      Revision known = source.fetch();
      // Whoever holds the lock keeps everybody else from writing the clone.
      try (FileChannel channel =
              FileChannel.open(directory().resolve("lock"), StandardOpenOption.WRITE);
          FileLock _ = channel.lock()) {
        assertThat(source.fetch()).isEqualTo(known);

        repository.write("a.yaml", "b").commit("Second");
        assertThatThrownBy(source::fetch).isInstanceOf(SourceException.class);
      }
      assertThat(source.fetch()).isNotEqualTo(known);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "emptied",
        "no HEAD",
        "no packs",
        "truncated pack",
        "broken ref",
        "broken configuration",
        "garbage in place of a clone"
      })
  void repairsADamagedClone(String damage) throws Exception {
    Revision known = commitOf(repository.write("a.yaml", "healed").commit("First"));
    try (GitSource source = source(MAIN, ".")) {
      source.fetch();
      source.settle(known);
    }
    damage(damage);
    try (GitSource source = source(MAIN, ".")) {
      assertThat(source.fetch()).isEqualTo(known);
      assertThat(texts(source, known)).containsExactly("a.yaml: healed");
      assertThat(source.settled()).isEqualTo(known);
    }
  }

  @Test
  void repairsAnOpenCloneThatIsDamagedUnderIt() throws Exception {
    repository.write("a.yaml", "one").commit("First");
    try (GitSource source = source(MAIN, ".")) {
      source.fetch();
      Revision second = commitOf(repository.write("a.yaml", "two").commit("Second"));
      damage("no packs");

      assertThat(source.fetch()).isEqualTo(second);
      assertThat(source.history(second).revisions()).hasSize(2);
    }
  }

  @Test
  void isNotWedgedByWhatAKilledProcessLeft() throws Exception {
    repository.write("a.yaml", "one").commit("First");
    try (GitSource source = source(MAIN, ".")) {
      source.fetch();
    }
    for (String left :
        List.of(
            "clone.git/refs/tidewaiter/followed.lock",
            "clone.git/config.lock",
            "clone.git/packed-refs.lock",
            "clone.git/objects/pack/incoming_1.pack",
            "clone.git.new/HEAD.lock",
            "clone.git.old/HEAD",
            "settled.new")) {
      Path file = directory().resolve(left);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "left by a killed process");
    }
    Revision second = commitOf(repository.write("a.yaml", "two").commit("Second"));
    try (GitSource source = source(MAIN, ".")) {
      assertThat(source.fetch()).isEqualTo(second);
      source.settle(second);
      assertThat(source.settled()).isEqualTo(second);
    }
  }

  @Test
  void startsAnewWhenKilledBetweenTheTwoRenamesOfARenewal() throws Exception {
    Revision known = commitOf(repository.write("a.yaml", "a").commit("First"));
    try (GitSource source = source(MAIN, ".")) {
      source.fetch();
    }
    Files.move(directory().resolve("clone.git"), directory().resolve("clone.git.old"));
    try (GitSource source = source(MAIN, ".")) {
      assertThat(source.fetch()).isEqualTo(known);
      assertThat(texts(source, known)).containsExactly("a.yaml: a");
    }
  }

  @Test
  void keepsTheCloneToItsOwner() throws Exception {
    repository.write("a.yaml", "a").commit("First");
    try (GitSource source = source(MAIN, ".")) {
      source.settle(source.fetch());
    }
    assertThat(mode(directory())).isEqualTo("rwx------");
    assertThat(mode(directory().resolve("settled"))).isEqualTo("rw-------");
  }

  @Test
  void doesNotCollectPacksForEver() throws Exception {
    repository.write("a.yaml", "0").commit("First");
    try (GitSource source = source(MAIN, ".")) {
      for (int i = 1; i <= 55; i++) {
        source.fetch();
        repository.write("a.yaml", "" + i).commit("Commit " + i);
      }
      assertThat(source.history(source.fetch()).revisions()).hasSize(56);
    }
    try (Stream<Path> packs = Files.list(directory().resolve("clone.git/objects/pack"))) {
      assertThat(packs.filter(file -> file.toString().endsWith(".pack")).count()).isLessThan(50);
    }
  }

  private void damage(String damage) throws IOException {
    Path clone = directory().resolve("clone.git");
    switch (damage) {
      case "emptied" -> clear(clone);
      case "no HEAD" -> Files.delete(clone.resolve("HEAD"));
      case "no packs" -> clear(clone.resolve("objects"));
      case "truncated pack" -> truncate(clone.resolve("objects/pack"));
      case "broken ref" -> Files.writeString(clone.resolve("refs/tidewaiter/followed"), "broken");
      case "broken configuration" -> Files.writeString(clone.resolve("config"), "[core\n=");
      case "garbage in place of a clone" -> {
        clear(clone);
        Files.delete(clone);
        Files.writeString(clone, "garbage");
      }
      default -> throw new IllegalArgumentException(damage);
    }
  }

  private static void clear(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
        if (!path.equals(folder)) {
          Files.delete(path);
        }
      }
    }
  }

  private static void truncate(Path packs) throws IOException {
    try (Stream<Path> files = Files.list(packs)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".pack")).toList()) {
        byte[] whole = Files.readAllBytes(file);
        Files.delete(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
      }
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
