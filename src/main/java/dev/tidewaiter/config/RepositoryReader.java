package dev.tidewaiter.config;

import dev.tidewaiter.config.DaemonConfiguration.GitLogin;
import dev.tidewaiter.config.DaemonConfiguration.Reference;
import dev.tidewaiter.config.DaemonConfiguration.Repository;
import dev.tidewaiter.model.Problem;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The part `repository` of a daemon's configuration.
final class RepositoryReader {
  private static final Set<String> SCHEMES = Set.of("https", "ssh", "file");

  private final Path base;
  private final Urls urls;
  private final List<Problem> problems;

  RepositoryReader(Path base, Urls urls, List<Problem> problems) {
    this.base = base;
    this.urls = urls;
    this.problems = problems;
  }

  /// @return null if there was a problem with the URL
  @Nullable Repository read(Fields repository) {
    URI url = urls.read(repository, "url", SCHEMES, Urls.UNDER_AUTH);
    GitLogin login = login(repository.in("auth"));
    Reference reference = reference(repository);
    if (url == null) {
      return null;
    }
    checkLogin(repository, url, login);
    return new Repository(
        url,
        reference,
        repository.text("path"),
        DaemonReader.duration(repository.text("interval")),
        login,
        DaemonReader.fileOrNull(base, repository.in("tls"), "ca"));
  }

  private Reference reference(Fields repository) {
    if (Stream.of("branch", "tag", "revision").filter(repository::has).count() > 1) {
      problems.add(
          repository.problem(
              "", "has more than one of `branch`, `tag`, `revision`", "Write one of them."));
    }
    if (repository.has("revision")) {
      return new Reference.Pinned(repository.text("revision"));
    }
    return repository.has("tag")
        ? new Reference.Tag(repository.text("tag"))
        : new Reference.Branch(repository.text("branch"));
  }

  private GitLogin login(Fields auth) {
    if (auth.has("token")) {
      Fields token = auth.in("token");
      return new GitLogin.Token(
          token.text("username"), DaemonReader.path(base, token.text("file")));
    }
    if (auth.has("ssh")) {
      Fields ssh = auth.in("ssh");
      return new GitLogin.Ssh(
          DaemonReader.path(base, ssh.in("key").text("file")),
          DaemonReader.path(base, ssh.in("knownHosts").text("file")));
    }
    return new GitLogin.None();
  }

  private void checkLogin(Fields repository, URI url, GitLogin login) {
    boolean ssh = url.getScheme().equals("ssh");
    boolean web = url.getScheme().startsWith("http");
    switch (login) {
      case GitLogin.Token _ when !web ->
          problems.add(
              repository.problem("auth", "has a token, which is for https URLs", "Remove it."));
      case GitLogin.Ssh _ when !ssh ->
          problems.add(
              repository.problem("auth", "has an SSH key, which is for ssh URLs", "Remove it."));
      case GitLogin.None _ when ssh ->
          problems.add(
              repository.problem(
                  "auth",
                  "is missing, and an ssh URL needs a key",
                  "Add `auth: {ssh: {key: {file: …}, knownHosts: {file: …}}}`."));
      case GitLogin.Token _, GitLogin.Ssh _, GitLogin.None _ -> {}
    }
  }
}
