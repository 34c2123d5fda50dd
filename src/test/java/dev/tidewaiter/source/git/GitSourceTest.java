package dev.tidewaiter.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.model.Revision;
import dev.tidewaiter.source.SourceException;
import dev.tidewaiter.source.git.GitSettings.Reference;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitSourceTest extends GitSourceScenario {
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
  void recordsWhatIsSettled() throws SourceException {
    Revision first = commitOf(repository.write("a.yaml", "a").commit("First"));
    try (GitSource source = source(MAIN, ".")) {
      assertThat(source.settled()).isNull();
      source.settle(first);
      assertThat(source.settled()).isEqualTo(first);
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
}
