package dev.tidewaiter.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.model.Revision;
import dev.tidewaiter.model.SnapshotEntry;
import dev.tidewaiter.source.SourceException;
import dev.tidewaiter.source.git.GitSettings.Login;
import dev.tidewaiter.source.git.GitSettings.Reference;
import dev.tidewaiter.testbed.GitRepository;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitSourceTest {
  private static final Reference MAIN = new Reference.Branch("main");

  @TempDir Path temporary;
  private GitRepository repository;

  @BeforeEach
  void createRepository() {
    repository = GitRepository.create(temporary);
  }

  @Test
  void readsTheFilesOfTheBranchFromTheObjectDatabase() throws SourceException {
    String id = repository.write("a.yaml", "a: 1\n").write("b/c.yml", "c: 1\n").commit("First");
    try (GitSource source = source(MAIN, ".")) {
      Revision revision = source.fetch();

      assertThat(revision.id()).isEqualTo(id);
      assertThat(texts(source, revision)).containsExactly("a.yaml: a: 1\n", "b/c.yml: c: 1\n");
      assertThat(source.snapshot(revision).revision()).isEqualTo(revision);
    }
  }

  @Test
  void knowsAfterARestartWhatItFetchedThoughTheRepositoryIsGone() throws Exception {
    String id = repository.write("a.yaml", "a: 1\n").commit("First");
    try (GitSource source = source(MAIN, ".")) {
      assertThat(source.lastFetched()).isEmpty();
      assertThat(source.fetch().id()).isEqualTo(id);
    }
    Files.move(repository.bare(), temporary.resolve("gone"));

    try (GitSource restarted = source(MAIN, ".")) {
      assertThatThrownBy(restarted::fetch).isInstanceOf(SourceException.class);
      assertThat(restarted.lastFetched()).map(Revision::id).contains(id);
      assertThat(texts(restarted, new Revision(id))).containsExactly("a.yaml: a: 1\n");
    }
  }

  @Test
  void followsANewCommitAForcePushAndAStepBack() throws SourceException {
    String first = repository.write("a.yaml", "one").commit("First");
    try (GitSource source = source(MAIN, ".")) {
      Revision one = source.fetch();
      Revision two = commitOf(repository.write("a.yaml", "two").commit("Second"));
      assertThat(source.fetch()).isEqualTo(two);
      assertThat(source.isAncestor(one, two)).isTrue();

      Revision rewritten = commitOf(repository.write("a.yaml", "three").amend("Rewritten"));
      assertThat(source.fetch()).isEqualTo(rewritten);
      assertThat(source.isAncestor(two, rewritten)).isFalse();
      assertThat(texts(source, rewritten)).containsExactly("a.yaml: three");

      repository.reset(first);
      assertThat(source.fetch()).isEqualTo(one);
    }
  }

  @Test
  void followsAnAnnotatedTagToItsCommitAlsoWhenItMoves() throws SourceException {
    String first = repository.write("a.yaml", "one").commit("First");
    repository.tag("release");
    try (GitSource source = source(new Reference.Tag("release"), ".")) {
      assertThat(source.fetch().id()).isEqualTo(first);

      String second = repository.write("a.yaml", "two").commit("Second");
      assertThat(source.fetch().id()).isEqualTo(first);

      repository.tag("release");
      assertThat(source.fetch().id()).isEqualTo(second);
    }
  }

  @Test
  void readsAPinnedRevisionThatIsNoTipAndThenNeedsNoServer() throws Exception {
    String pinned = repository.write("a.yaml", "pinned").commit("First");
    repository.write("a.yaml", "must not be chosen: newer than the pin").commit("Second");
    try (GitSource source = source(new Reference.Pinned(pinned), ".")) {
      assertThat(texts(source, source.fetch())).containsExactly("a.yaml: pinned");
    }
    hideRemote();
    try (GitSource source = source(new Reference.Pinned(pinned), ".")) {
      assertThat(source.fetch().id()).isEqualTo(pinned);
    }
  }

  @Test
  void saysThatAPinnedRevisionIsNowhere() {
    repository.write("a.yaml", "a").commit("First");
    String nowhere = "0123456789012345678901234567890123456789";

    assertFailure(new Reference.Pinned(nowhere), "revision " + nowhere + " is on no branch or tag");
    assertFailure(new Reference.Pinned("0123abc"), "`0123abc` is not a whole commit id");
  }

  @Test
  void tellsAnEmptyRepositoryFromAMissingBranchAndAMissingRepository() throws Exception {
    assertFailure(MAIN, "the repository is empty");

    repository.write("a.yaml", "a").commit("First");
    assertFailure(new Reference.Branch("absent"), "there is no branch `absent`");
    assertFailure(new Reference.Tag("absent"), "there is no tag `absent`");

    hideRemote();
    assertFailure(MAIN, "there is no such repository");
  }

  @Test
  void keepsWhatItHasWhenTheBranchIsDeleted() throws SourceException {
    repository.write("a.yaml", "kept").commit("First");
    repository.branch("other").write("b.yaml", "must not be chosen: other branch").commit("Other");
    try (GitSource source = source(MAIN, ".")) {
      Revision known = source.fetch();
      repository.deleteRemoteBranch("main");

      assertThatThrownBy(source::fetch).hasMessageContaining("there is no branch `main`");
      assertThat(texts(source, known)).containsExactly("a.yaml: kept");
    }
  }

  @Test
  void survivesARestartWithoutTheServer() throws Exception {
    Revision known = commitOf(repository.write("a.yaml", "a").commit("First"));
    try (GitSource source = source(MAIN, ".")) {
      assertThat(source.fetch()).isEqualTo(known);
      source.settle(known);
    }
    hideRemote();
    try (GitSource source = source(MAIN, ".")) {
      assertThatThrownBy(source::fetch).isInstanceOf(SourceException.class);
      assertThat(texts(source, known)).containsExactly("a.yaml: a");
      assertThat(source.settled()).isEqualTo(known);
    }
  }

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

  @Test
  void recordsWhatIsSettled() throws SourceException {
    Revision first = commitOf(repository.write("a.yaml", "a").commit("First"));
    try (GitSource source = source(MAIN, ".")) {
      assertThat(source.settled()).isNull();
      source.settle(first);
      assertThat(source.settled()).isEqualTo(first);
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
              new SnapshotEntry.TooLarge("large.yaml", (1 << 20) + 1, 1 << 20))
          .hasSize(3);
    }
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

  @Test
  void historyIsTheFirstParentLine() throws SourceException {
    String first = repository.write("a.yaml", "a").commit("First");
    repository.branch("side").write("b.yaml", "b").commit("Must not be listed: second parent");
    String merge = repository.checkout("main").merge("side");
    try (GitSource source = source(MAIN, ".")) {
      var history = source.history(source.fetch());
      assertThat(history.revisions()).containsExactly(commitOf(merge), commitOf(first));
      assertThat(history.complete()).isTrue();
    }
  }

  @Test
  void knowsNoAncestorThatWasNeverFetched() throws SourceException {
    Revision here = commitOf(repository.write("a.yaml", "a").commit("First"));
    try (GitSource source = source(MAIN, ".")) {
      source.fetch();
      assertThat(source.isAncestor(new Revision("f".repeat(40)), here)).isFalse();
      assertThat(source.isAncestor(here, here)).isTrue();
    }
  }

  @Test
  void readsNothingOfTheUsersGitConfiguration() throws Exception {
    Files.writeString(temporary.resolve(".gitconfig"), "[http]\n\tsslVerify = false\n");
    File home = FS.DETECTED.userHome();
    FS.DETECTED.setUserHome(temporary.toFile());
    try (GitSource _ = source(MAIN, ".")) {
      var config = SystemReader.getInstance().openUserConfig(null, FS.DETECTED);
      config.load();
      assertThat(config.getBoolean("http", "sslVerify", true)).isTrue();
    } finally {
      FS.DETECTED.setUserHome(home);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://user:hunter2-must-not-be-shown@git.acme.example/r.git",
        "https://hunter2-must-not-be-shown@git.acme.example/r.git",
        "ssh://git:hunter2-must-not-be-shown@git.acme.example/r.git",
        "http://git.acme.example/r.git",
        "git.acme.example/r.git"
      })
  void refusesUrlsWithCredentialsAndOtherSchemes(String url) {
    assertThatThrownBy(() -> settings(URI.create(url), MAIN, "."))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void refusesASubPathOutsideTheRepository() {
    assertThatThrownBy(() -> settings(repository.url(), MAIN, "a/../../b"))
        .isInstanceOf(IllegalArgumentException.class);
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

  private void hideRemote() throws IOException {
    Files.move(repository.bare(), temporary.resolve("hidden.git"));
  }

  private void assertFailure(Reference reference, String message) {
    try (GitSource source = source(reference, ".")) {
      assertThatThrownBy(source::fetch)
          .isInstanceOf(SourceException.class)
          .hasMessageContaining(message);
    }
  }

  private static List<String> texts(GitSource source, Revision revision) throws SourceException {
    return source.snapshot(revision).entries().stream()
        .map(SnapshotEntry.File.class::cast)
        .map(
            file -> file.path() + ": " + new String(file.content().bytes(), StandardCharsets.UTF_8))
        .toList();
  }

  private static Revision commitOf(String id) {
    return new Revision(id);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private Path directory() {
    return temporary.resolve("state/repository");
  }

  private GitSource source(Reference reference, String path) {
    return new GitSource(settings(repository.url(), reference, path));
  }

  private GitSettings settings(URI url, Reference reference, String path) {
    return new GitSettings(url, reference, path, new Login.None(), null, null, directory());
  }
}
