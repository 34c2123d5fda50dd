package dev.tidewaiter.source.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Revision;
import dev.tidewaiter.model.SnapshotEntry;
import dev.tidewaiter.source.SourceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Which files of a revision are read.
class GitSnapshotTest extends GitSourceScenario {
  @Test
  void readsOnlyBeneathTheSubPath() throws SourceException {
    repository
        .write("prod/eu/a.yaml", "a")
        .write("staging/b.yaml", "must not be chosen")
        .commit("x");
    try (GitSource source = source(MAIN, "./prod/")) {
      assertThat(texts(source, source.fetch())).containsExactly("eu/a.yaml: a");
    }
    try (GitSource source = source(MAIN, "absent")) {
      assertThat(source.snapshot(source.fetch()).entries()).isEmpty();
    }
  }

  @Test
  void takesYamlFilesAndLeavesOutDotDirectoriesAndIgnoredPaths() throws SourceException {
    repository
        .write("a.yaml", "a")
        .write("README.md", "must not be chosen: no YAML name")
        .write(".github/workflow.yaml", "must not be chosen: dot-directory")
        .write("charts/templates/t.yaml", "must not be chosen: ignored folder")
        .write("docs/one.yaml", "must not be chosen: ignored by pattern")
        .write("docs/two.yaml", "two")
        .write(".tidewaiterignore", "# comment\n/charts/\ndocs/*\n!docs/two.yaml\n")
        .link("link.yaml", "a.yaml")
        .link("folder", "docs")
        .commit("First");
    try (GitSource source = source(MAIN, ".")) {
      assertThat(source.snapshot(source.fetch()).entries())
          .extracting(entry -> entry.getClass().getSimpleName() + " " + entry.path())
          .containsExactly("File a.yaml", "File docs/two.yaml", "SymbolicLink link.yaml");
    }
  }

  @Test
  void reportsAFileThatIsTooLargeAndAnIgnoreFileThatIsALink() throws SourceException {
    repository
        .write("fits.yaml", "x".repeat(1 << 20))
        .write("large.yaml", "x".repeat((1 << 20) + 1));
    repository.link(".tidewaiterignore", "fits.yaml").commit("First");
    try (GitSource source = source(MAIN, ".")) {
      assertThat(source.snapshot(source.fetch()).entries())
          .contains(
              new SnapshotEntry.SymbolicLink(".tidewaiterignore"),
              new SnapshotEntry.TooLarge("large.yaml", 1 << 20))
          .hasSize(3);
    }
    repository.delete(".tidewaiterignore").write(".tidewaiterignore", "#".repeat((1 << 16) + 1));
    repository.commit("Second");
    try (GitSource source = source(MAIN, ".")) {
      assertThat(source.snapshot(source.fetch()).entries())
          .contains(new SnapshotEntry.TooLarge(".tidewaiterignore", 1 << 16));
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void looksAtNoMoreThanItCanInSeconds() throws SourceException, IOException {
    repository.write("note.txt", "no YAML").commit("First");
    String tree = repository.git("rev-parse", "HEAD^{tree}").strip();
    for (int level = 0; level < 9; level++) {
      tree = tenTimes(tree);
    }
    String bomb = repository.git("commit-tree", "-m", "Bomb", tree).strip();
    repository.git("push", "--quiet", "--force", "origin", bomb + ":refs/heads/main");
    try (GitSource source = source(MAIN, ".")) {
      assertThat(source.snapshot(source.fetch()).entries())
          .singleElement()
          .isInstanceOfSatisfying(
              SnapshotEntry.TooMany.class,
              many -> assertThat(many.limit()).startsWith("200000 files and folders are"));
    }
  }

  /// A tree with the same tree in it ten times.
  private String tenTimes(String tree) throws IOException {
    var entries = new ByteArrayOutputStream();
    for (int i = 0; i < 10; i++) {
      entries.writeBytes(("40000 d" + i + "\0").getBytes(StandardCharsets.US_ASCII));
      entries.writeBytes(HexFormat.of().parseHex(tree));
    }
    Files.write(repository.work().resolve("entries"), entries.toByteArray());
    return repository.git("hash-object", "-w", "-t", "tree", "entries").strip();
  }

  @Test
  void givesTheSameContentIdExactlyToTheSameContent() throws SourceException {
    repository.write("a.yaml", "same").write("b.yaml", "same").write("c.yaml", "other").commit("x");
    try (GitSource source = source(MAIN, ".")) {
      List<String> ids =
          source.snapshot(source.fetch()).entries().stream()
              .map(entry -> ((SnapshotEntry.File) entry).contentId())
              .toList();
      assertThat(ids.get(0)).isEqualTo(ids.get(1)).isNotEqualTo(ids.get(2));
    }
  }

  @Test
  void readsTenThousandFilesInSeconds() throws SourceException {
    for (int i = 0; i < 10_000; i++) {
      repository.write("registries/%03d/%05d.yaml".formatted(i % 100, i), "number: " + i + "\n");
    }
    repository.commit("Many");
    try (GitSource source = source(MAIN, ".")) {
      Revision revision = source.fetch();
      long start = System.nanoTime();
      assertThat(source.snapshot(revision).entries()).hasSize(10_000);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
  }
}
