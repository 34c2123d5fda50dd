package dev.tidewaiter.source.git;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.source.SourceException;
import dev.tidewaiter.source.git.GitSettings.Login;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.FetchResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.TrackingRefUpdate;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;

/// The repository on its server. Each call is one conversation, with credentials read for it.
final class Remote {
  private static final Set<RefUpdate.Result> UPDATED =
      Set.of(
          RefUpdate.Result.NEW,
          RefUpdate.Result.FORCED,
          RefUpdate.Result.FAST_FORWARD,
          RefUpdate.Result.NO_CHANGE);

  private final GitSettings settings;
  private final Limits limits;

  Remote(GitSettings settings, Limits limits) {
    this.settings = settings;
    this.limits = limits;
  }

  /// Whether it failed because the server did not come to an end.
  static boolean isEndless(SourceException failure) {
    return failure.getCause() instanceof TimeoutException;
  }

  /// The server's branches and tags (`git ls-remote`).
  ///
  /// @param local decides nothing; JGit wants one
  Collection<Ref> list(Repository local) throws SourceException {
    return converse(
        local,
        limits.listing(),
        transport -> {
          // All branches and tags, to tell a missing one from an empty repository; not the many
          // refs beside them, such as `refs/pull/`.
          try (FetchConnection connection =
              transport.openFetch(List.of(), "HEAD", "refs/heads/", "refs/tags/")) {
            return connection.getRefs();
          }
        });
  }

  /// Downloads what the specs name, without [LargeFiles] if possible, and sets their local refs, by
  /// force.
  void fetch(Repository local, List<RefSpec> specs) throws SourceException {
    FetchResult result =
        converse(
            local,
            limits.download(),
            transport -> LargeFiles.fetchWithout(local, transport, specs));
    for (TrackingRefUpdate update : result.getTrackingRefUpdates()) {
      if (!UPDATED.contains(update.getResult())) {
        throw new SourceException(
            "the clone in %s could not be updated: %s of %s"
                .formatted(settings.directory(), update.getResult(), update.getLocalName()),
            null);
      }
    }
  }

  private <T> T converse(Repository local, Duration limit, Conversation<T> conversation)
      throws SourceException {
    var answers = new Answers();
    try (Transport transport = Transport.open(local, new URIish(settings.url().toString()))) {
      transport.setTimeout(Math.toIntExact(limits.silence().toSeconds()));
      transport.setTagOpt(TagOpt.NO_TAGS);
      return switch (transport) {
        case TransportHttp http -> overHttp(http, limit, answers, conversation);
        case SshTransport ssh -> overSsh(ssh, limit, answers, conversation);
        default -> conversation.with(transport);
      };
    } catch (IOException | URISyntaxException | IllegalThreadStateException e) {
      // The last is what JGit says of a command over SSH whose connection has been closed.
      throw RemoteFailure.of(settings.url(), answers, e);
    }
  }

  private <T> T overHttp(
      TransportHttp http, Duration limit, Answers answers, Conversation<T> conversation)
      throws IOException, SourceException {
    try (Sockets sockets = Sockets.trusting(Trust.load(settings.ca()));
        Deadline _ = Deadline.in(limit, answers, sockets::close)) {
      http.setHttpConnectionFactory(
          new HttpConnections(settings.url(), sockets, settings.proxy(), answers));
      if (settings.login() instanceof Login.Token(String username, var file)) {
        http.setPreemptiveBasicAuthentication(username, token(file).reveal());
      }
      return conversation.with(http);
    }
  }

  private <T> T overSsh(
      SshTransport ssh, Duration limit, Answers answers, Conversation<T> conversation)
      throws IOException, SourceException {
    if (!(settings.login() instanceof Login.Ssh login)) {
      throw new IllegalStateException("GitSettings let an ssh URL pass without a key");
    }
    try (SshdSessionFactory sessions =
            SshSessions.open(login, settings.directory().resolve("home"), answers);
        Deadline _ = Deadline.in(limit, answers, ssh::close)) {
      ssh.setSshSessionFactory(sessions);
      return conversation.with(ssh);
    }
  }

  private static Secret token(Path file) throws SourceException {
    try {
      var token = Secret.of(Files.readString(file, StandardCharsets.UTF_8).strip());
      if (token.isEmpty()) {
        throw new SourceException("the token file " + file + " is empty", null);
      }
      return token;
    } catch (IOException e) {
      throw new SourceException("the token file " + file + " cannot be read", e);
    }
  }

  private interface Conversation<T> {
    T with(Transport transport) throws IOException, SourceException;
  }
}
