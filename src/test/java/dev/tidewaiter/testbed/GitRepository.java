package dev.tidewaiter.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A working repository and the bare one it pushes to, driven by Git itself, with a pinned author
/// and clock and none of the machine's configuration.
///
/// A commit is a working-tree edit ([#write], [#delete], [#move]) followed by [#commit], which
/// pushes.
public final class GitRepository {
  private final Path work;
  private final Path bare;
  private int commits;

  private GitRepository(Path work, Path bare) {
    this.work = work;
    this.bare = bare;
  }

  /// An empty pair, `work` and `remote.git`, on branch `main`.
  public static GitRepository create(Path directory) {
    Path work = directory.resolve("work");
    Path bare = directory.resolve("remote.git");
    var repository = new GitRepository(work, bare);
    repository.mkdirs(work);
    repository.git(
        directory, "init", "--quiet", "--bare", "--initial-branch=main", bare.toString());
    repository.git("init", "--quiet", "--initial-branch=main");
    repository.git("remote", "add", "origin", bare.toString());
    return repository;
  }

  public Path work() {
    return work;
  }

  public Path bare() {
    return bare;
  }

  public URI url() {
    return URI.create("file://" + bare);
  }

  public GitRepository write(String path, String content) {
    Path file = work.resolve(path);
    mkdirs(file.resolve("..").normalize());
    try {
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  public GitRepository link(String path, String target) {
    try {
      Files.createSymbolicLink(work.resolve(path), Path.of(target));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  public GitRepository delete(String path) {
    git("rm", "--quiet", "-r", path);
    return this;
  }

  public GitRepository move(String from, String to) {
    mkdirs(work.resolve(to).resolve("..").normalize());
    git("mv", from, to);
    return this;
  }

  /// Commits everything in the working tree, also nothing, and pushes the branch by force.
  ///
  /// @return the commit id
  public String commit(String message) {
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "--message", message);
    push();
    return head();
  }

  /// Replaces the newest commit: a rewritten history for whoever had fetched it.
  public String amend(String message) {
    git("add", "--all");
    git("commit", "--quiet", "--allow-empty", "--amend", "--message", message);
    push();
    return head();
  }

  /// Goes back to a revision and pushes that by force.
  public String reset(String revision) {
    git("reset", "--quiet", "--hard", revision);
    push();
    return head();
  }

  /// Merges a branch into the present one, always with a merge commit.
  public String merge(String branch) {
    commits++;
    git("merge", "--quiet", "--no-ff", "--message", "Merge " + branch, branch);
    push();
    return head();
  }

  public GitRepository branch(String name) {
    git("checkout", "--quiet", "-B", name);
    return this;
  }

  public GitRepository checkout(String name) {
    git("checkout", "--quiet", name);
    return this;
  }

  /// An annotated tag on the present commit, pushed by force.
  public GitRepository tag(String name) {
    git("tag", "--force", "--annotate", "--message", name, name);
    git("push", "--quiet", "--force", "origin", "refs/tags/" + name);
    return this;
  }

  public GitRepository deleteRemoteBranch(String name) {
    git(bare, "update-ref", "-d", "refs/heads/" + name);
    return this;
  }

  public String head() {
    return git("rev-parse", "HEAD").strip();
  }

  /// Runs Git in the working tree and gives its output.
  public String git(String... arguments) {
    return git(work, arguments);
  }

  private void push() {
    git("push", "--quiet", "--force", "origin", "HEAD");
  }

  private String git(Path directory, String... arguments) {
    var command = new ArrayList<>(List.of(TestBed.installed("/usr/bin/git").toString()));
    command.addAll(List.of(arguments));
    if (List.of(arguments).contains("commit")) {
      commits++;
    }
    try {
      var builder = new ProcessBuilder(command).directory(directory.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment());
      Process process = builder.redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + "\n" + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// Each commit is a minute after the one before.
  private Map<String, String> environment() {
    String time = "%d +0000".formatted(1_767_225_600L + 60L * commits);
    return Map.ofEntries(
        Map.entry("PATH", "/usr/bin:/bin"),
        Map.entry("HOME", bare.resolveSibling("home").toString()),
        Map.entry("GIT_CONFIG_NOSYSTEM", "1"),
        Map.entry("GIT_CONFIG_GLOBAL", "/dev/null"),
        // Git would otherwise tidy up in the background, in a folder that the test deletes.
        Map.entry("GIT_CONFIG_COUNT", "1"),
        Map.entry("GIT_CONFIG_KEY_0", "maintenance.auto"),
        Map.entry("GIT_CONFIG_VALUE_0", "false"),
        Map.entry("GIT_AUTHOR_NAME", "Ada Author"),
        Map.entry("GIT_AUTHOR_EMAIL", "ada@acme.example"),
        Map.entry("GIT_AUTHOR_DATE", time),
        Map.entry("GIT_COMMITTER_NAME", "Ada Author"),
        Map.entry("GIT_COMMITTER_EMAIL", "ada@acme.example"),
        Map.entry("GIT_COMMITTER_DATE", time));
  }

  private void mkdirs(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
