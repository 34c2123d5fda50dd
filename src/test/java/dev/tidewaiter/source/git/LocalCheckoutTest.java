package dev.tidewaiter.source.git;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.model.Revision;
import dev.tidewaiter.model.Snapshot;
import dev.tidewaiter.model.SnapshotEntry;
import dev.tidewaiter.source.SourceException;
import dev.tidewaiter.testbed.GitRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCheckoutTest {
  @TempDir Path temporary;
  private GitRepository repository;

  @BeforeEach
  void createRepository() {
    repository = GitRepository.create(temporary);
  }

  @Test
  void readsTheFolderAsItIsOnDisk() throws SourceException {
    repository.write("a.yaml", "committed").commit("First");
    repository.write("a.yaml", "edited").write("b/c.yml", "not added");
    try (LocalCheckout checkout = LocalCheckout.open(repository.work())) {
      assertThat(texts(checkout.workingTree()))
          .containsExactly("a.yaml: edited", "b/c.yml: not added");
      assertThat(checkout.workingTree().revision()).isNull();
    }
  }

  @Test
  void takesOnDiskWhatItTakesFromTheRevision() throws SourceException {
    repository
        .write("a.yaml", "a")
        .write("README.md", "must not be chosen: no YAML name")
        .write(".github/w.yaml", "must not be chosen: dot-directory")
        .write("charts/t.yaml", "must not be chosen: ignored")
        .write(".tidewaiterignore", "charts/\n")
        .write("large.yaml", "x".repeat((1 << 20) + 1))
        .link("link.yaml", "a.yaml")
        .link("dangling.yml", "nowhere")
        .commit("First");
    try (LocalCheckout checkout = LocalCheckout.open(repository.work())) {
      Revision head = checkout.head().orElseThrow();
      assertThat(described(checkout.workingTree()))
          .containsExactly(
              "File a.yaml",
              "SymbolicLink dangling.yml",
              "TooLarge large.yaml",
              "SymbolicLink link.yaml")
          .isEqualTo(described(checkout.snapshot(head)));
      assertThat(contentIds(checkout.workingTree())).isEqualTo(contentIds(checkout.snapshot(head)));
    }
  }

  @Test
  void readsNoMoreThanADaemonCanHold() throws SourceException {
    for (int i = 10; i < 30; i++) {
      repository.write(i + ".yaml", i + "x".repeat((1 << 20) - 2));
    }
    repository.commit("Many");
    try (LocalCheckout checkout = LocalCheckout.open(repository.work())) {
      Revision head = checkout.head().orElseThrow();
      for (Snapshot snapshot : List.of(checkout.snapshot(head), checkout.workingTree())) {
        assertThat(snapshot.entries()).hasSize(17);
        assertThat(snapshot.entries()).filteredOn(SnapshotEntry.File.class::isInstance).hasSize(16);
        assertThat(snapshot.entries())
            .filteredOn(SnapshotEntry.TooMany.class::isInstance)
            .singleElement()
            .extracting("limit")
            .isEqualTo("20000 files with 16777216 bytes together are");
      }
    }
  }

  @Test
  void readsNoFurtherThanTheIgnoreFileLetsItGetInSeconds() throws SourceException {
    repository.write(YamlFiles.IGNORE_FILE, ("*" + "a".repeat(60) + "b\n").repeat(1000));
    for (int i = 10; i < 80; i++) {
      repository.write("a".repeat(240) + i + ".yaml", "must not be chosen");
    }
    try (LocalCheckout checkout = LocalCheckout.open(repository.work())) {
      assertThat(checkout.workingTree().entries())
          .filteredOn(SnapshotEntry.TooMany.class::isInstance)
          .hasSize(1);
    }
  }

  @Test
  void takesNoMoreEntriesThanADaemonCanHold() throws IOException {
    var entries = new Entries();
    for (int i = 0; i <= Entries.MAX_FILES; i++) {
      String path = i + ".yaml";
      entries.add(path, 0, () -> new SnapshotEntry.SymbolicLink(path));
    }
    assertThat(entries.isFull()).isTrue();
    assertThat(entries.found()).hasSize(Entries.MAX_FILES + 1);
    assertThat(entries.found().getLast()).isInstanceOf(SnapshotEntry.TooMany.class);
  }

  @Test
  void leavesOutRepositoriesWithin() throws IOException, SourceException {
    repository.write("a.yaml", "a").write("module/b.yaml", "must not be chosen: submodule");
    Files.writeString(repository.work().resolve("module/.git"), "gitdir: elsewhere");
    try (LocalCheckout checkout = LocalCheckout.open(repository.work())) {
      assertThat(texts(checkout.workingTree())).containsExactly("a.yaml: a");
    }
  }

  @Test
  void readsTheSameFolderAtAnEarlierRevision() throws SourceException {
    String first = repository.write("prod/a.yaml", "one").write("b.yaml", "no").commit("First");
    repository.tag("release").write("prod/a.yaml", "two").commit("Second");
    try (LocalCheckout checkout = LocalCheckout.open(repository.work().resolve("prod"))) {
      for (String name : List.of("HEAD~1", "release", "main~1", first, first.substring(0, 10))) {
        Revision revision = checkout.resolve(name);
        assertThat(revision.id()).as(name).isEqualTo(first);
        assertThat(texts(checkout.snapshot(revision))).containsExactly("a.yaml: one");
      }
      Revision head = checkout.head().orElseThrow();
      assertThat(checkout.isAncestor(new Revision(first), head)).isTrue();
      assertThat(checkout.history(head).revisions()).hasSize(2);
    }
  }

  @Test
  void saysThatARevisionIsNotThereOrNotARevision() throws SourceException {
    repository.write("a.yaml", "a").commit("First");
    try (LocalCheckout checkout = LocalCheckout.open(repository.work())) {
      for (String name : List.of("absent", "HEAD~7", "HEAD@{", "f".repeat(40))) {
        assertThatThrownBy(() -> checkout.resolve(name))
            .as(name)
            .isInstanceOf(SourceException.class)
            .hasMessageContaining(name);
      }
    }
  }

  @Test
  void knowsThatAShallowCloneIsIncomplete() throws SourceException {
    repository.write("a.yaml", "a").commit("First");
    repository.write("a.yaml", "b").commit("Second");
    repository.git("clone", "--quiet", "--depth=1", repository.url().toString(), "../shallow");
    try (LocalCheckout checkout = LocalCheckout.open(temporary.resolve("shallow"))) {
      var history = checkout.history(checkout.head().orElseThrow());
      assertThat(history.revisions()).hasSize(1);
      assertThat(history.complete()).isFalse();
    }
    try (LocalCheckout checkout = LocalCheckout.open(repository.work())) {
      assertThat(checkout.history(checkout.head().orElseThrow()).complete()).isTrue();
    }
  }

  @Test
  void readsALinkedWorktree() throws SourceException {
    String head = repository.write("a.yaml", "a").commit("First");
    repository.git("worktree", "add", "--quiet", "-b", "side", "../linked");
    try (LocalCheckout checkout = LocalCheckout.open(temporary.resolve("linked"))) {
      assertThat(checkout.head().orElseThrow().id()).isEqualTo(head);
      assertThat(texts(checkout.workingTree())).containsExactly("a.yaml: a");
    }
  }

  @Test
  void readsAFolderOutsideAnyRepository(@TempDir Path outside) throws Exception {
    Files.writeString(outside.resolve("a.yaml"), "a");
    try (LocalCheckout checkout = LocalCheckout.open(outside)) {
      assertThat(checkout.isInRepository()).isFalse();
      assertThat(checkout.head()).isEmpty();
      assertThat(texts(checkout.workingTree())).containsExactly("a.yaml: a");
      assertThatThrownBy(() -> checkout.resolve("HEAD")).hasMessageContaining("no Git repository");
    }
    assertThatThrownBy(() -> LocalCheckout.open(outside.resolve("absent")))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("no such folder");
  }

  @Test
  void hasNoHeadBeforeTheFirstCommit() throws SourceException {
    try (LocalCheckout checkout = LocalCheckout.open(repository.work())) {
      assertThat(checkout.isInRepository()).isTrue();
      assertThat(checkout.head()).isEmpty();
    }
  }

  @Test
  void writesNothing() throws Exception {
    repository.write("a.yaml", "a").commit("First");
    List<String> before = files();
    try (LocalCheckout checkout = LocalCheckout.open(repository.work())) {
      checkout.workingTree();
      checkout.history(checkout.resolve("HEAD"));
    }
    assertThat(files()).isEqualTo(before);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(repository.work())) {
      return all.map(Path::toString).filter(path -> !path.contains(".probe-")).sorted().toList();
    }
  }

  private static List<String> described(Snapshot snapshot) {
    return snapshot.entries().stream()
        .map(entry -> entry.getClass().getSimpleName() + " " + entry.path())
        .toList();
  }

  private static List<String> contentIds(Snapshot snapshot) {
    return snapshot.entries().stream()
        .filter(SnapshotEntry.File.class::isInstance)
        .map(entry -> ((SnapshotEntry.File) entry).contentId())
        .toList();
  }

  private static List<String> texts(Snapshot snapshot) {
    return snapshot.entries().stream()
        .map(SnapshotEntry.File.class::cast)
        .map(file -> file.path() + ": " + new String(file.content().bytes(), UTF_8))
        .toList();
  }
}
