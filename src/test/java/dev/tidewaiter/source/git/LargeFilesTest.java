package dev.tidewaiter.source.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Revision;
import dev.tidewaiter.model.SnapshotEntry;
import dev.tidewaiter.source.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LargeFilesTest extends GitSourceScenario {
  private static final int MIB = 1 << 20;
  private final byte[] random = new byte[3 * MIB];

  @BeforeEach
  void commitLargeFiles() throws IOException {
    new Random(1).nextBytes(random);
    repository
        .write("a.yaml", "one")
        .write("fits.yaml", "x".repeat(MIB))
        .write("large.yaml", "x".repeat(MIB + 1))
        .write(".tidewaiterignore", "#" + "x".repeat(MIB + 1));
    commitBinary(0);
  }

  private Revision commitBinary(int change) throws IOException {
    random[change] ^= 1;
    Files.write(repository.work().resolve("picture.bin"), random);
    return commitOf(repository.commit("Change " + change));
  }

  private void offerFilters() {
    repository.git("--git-dir=" + repository.bare(), "config", "uploadpack.allowFilter", "true");
  }

  @Test
  void staysOnAServerThatLetsThem() throws SourceException, IOException {
    offerFilters();
    try (GitSource source = source(MAIN, ".")) {
      assertThat(described(source, source.fetch()))
          .containsExactly(
              "TooLarge .tidewaiterignore", "File a.yaml", "File fits.yaml", "TooLarge large.yaml");
      for (int i = 1; i < 4; i++) {
        repository.write("a.yaml", "change " + i);
        Revision next = commitBinary(i);
        assertThat(source.fetch()).isEqualTo(next);
        assertThat(source.snapshot(next).entries()).hasSize(4);
      }
    }
    assertThat(bytesInPacks()).isLessThan(MIB);
  }

  @Test
  void isDownloadedWhenItHasBecomeSmall() throws SourceException {
    offerFilters();
    try (GitSource source = source(MAIN, ".")) {
      source.fetch();
      repository
          .write("large.yaml", "x".repeat(MIB - 1))
          .delete(".tidewaiterignore")
          .commit("Less");
      Revision less = source.fetch();
      assertThat(described(source, less))
          .containsExactly("File a.yaml", "File fits.yaml", "File large.yaml");
    }
    try (GitSource restarted = source(MAIN, ".")) {
      Revision last = restarted.lastFetched().orElseThrow();
      assertThat(restarted.snapshot(last).entries()).hasSize(3);
    }
  }

  @Test
  void comesAlongFromAServerThatKnowsNoFilters() throws SourceException, IOException {
    try (GitSource source = source(MAIN, ".")) {
      assertThat(described(source, source.fetch())).contains("File a.yaml", "TooLarge large.yaml");
      Revision next = commitBinary(1);
      assertThat(source.fetch()).isEqualTo(next);
    }
    assertThat(bytesInPacks()).isGreaterThan(random.length);
  }

  private long bytesInPacks() throws IOException {
    long bytes = 0;
    try (Stream<Path> packs = Files.list(directory().resolve("clone.git/objects/pack"))) {
      for (Path pack : packs.toList()) {
        bytes += Files.size(pack);
      }
    }
    return bytes;
  }

  private static List<String> described(GitSource source, Revision revision)
      throws SourceException {
    return source.snapshot(revision).entries().stream().map(LargeFilesTest::described).toList();
  }

  private static String described(SnapshotEntry entry) {
    return entry.getClass().getSimpleName() + " " + entry.path();
  }
}
