package dev.tidewaiter.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.model.HttpProxy;
import dev.tidewaiter.source.SourceException;
import dev.tidewaiter.source.git.GitSettings.Login;
import dev.tidewaiter.source.git.GitSettings.Reference;
import dev.tidewaiter.testbed.ConnectProxy;
import dev.tidewaiter.testbed.GitRepository;
import dev.tidewaiter.testbed.HttpsGitServer;
import dev.tidewaiter.testbed.SshGitServer;
import dev.tidewaiter.testbed.TestBed;
import dev.tidewaiter.testbed.TestCertificates;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The Git source against OpenSSH's sshd, and against Git's http-backend behind TLS.
class GitSourceIT {
  private static final String TOKEN = "canary-token-must-not-be-shown";
  private static final Reference MAIN = new Reference.Branch("main");

  @TempDir Path temporary;
  private GitRepository repository;
  private TestCertificates authority;
  private Path tokenFile;
  private String head;

  @BeforeEach
  void prepare() throws IOException {
    repository = GitRepository.create(temporary);
    head = repository.write("a.yaml", "a").commit("First");
    authority = TestCertificates.create(temporary.resolve("authority"));
    tokenFile = Files.writeString(temporary.resolve("token"), TOKEN + "\n");
  }

  @Test
  void fetchesOverHttpsWithATokenAndAPrivateAuthority() throws SourceException {
    try (HttpsGitServer server = https("localhost");
        GitSource source = source(https(server, authority.ca(), null))) {
      assertThat(source.fetch().id()).isEqualTo(head);
      String next = repository.write("a.yaml", "b").commit("Second");
      assertThat(source.fetch().id()).isEqualTo(next);
      assertThat(source.snapshot(source.fetch()).entries()).hasSize(1);
    }
  }

  @Test
  void asksOnlyForTheRefsWhenNothingChanged() throws SourceException {
    try (HttpsGitServer server = https("localhost");
        GitSource source = source(https(server, authority.ca(), null))) {
      source.fetch();
      int before = server.requests().size();
      source.fetch();
      // Protocol version 2: the capabilities, then `ls-refs`.
      assertThat(server.requests()).hasSize(before + 2);
    }
  }

  @Test
  void fetchesAPinnedRevisionByItsIdOverHttps() throws SourceException {
    repository.write("a.yaml", "must not be chosen: newer than the pin").commit("Second");
    try (HttpsGitServer server = https("localhost");
        GitSource source =
            source(https(server, new Reference.Pinned(head), authority.ca(), null))) {
      assertThat(source.fetch().id()).isEqualTo(head);
      assertThat(source.history(source.fetch()).revisions()).hasSize(1);
    }
  }

  @Test
  void readsTheTokenAgainWhenItWasRotated() throws Exception {
    try (HttpsGitServer server = https("localhost");
        GitSource source = source(https(server, authority.ca(), null))) {
      source.fetch();
      server.acceptOnly("the-next-token");
      assertThatThrownBy(source::fetch)
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("the server denied access (401)");

      Files.writeString(tokenFile, "the-next-token");
      assertThat(source.fetch().id()).isEqualTo(head);
    }
  }

  @Test
  void readsTheAuthorityAgainWhenItWasReplaced() throws Exception {
    Path ca = temporary.resolve("ca.pem");
    Files.copy(TestCertificates.create(temporary.resolve("old-authority")).ca(), ca);
    try (HttpsGitServer server = https("localhost");
        GitSource source = source(https(server, ca, null))) {
      assertFailure(source, "certificate is not trusted");

      Files.writeString(ca, Files.readString(authority.ca()));
      assertThat(source.fetch().id()).isEqualTo(head);
    }
  }

  @Test
  void neverShowsTheToken() throws Exception {
    try (HttpsGitServer server = https("localhost");
        GitSource source = source(https(server, authority.ca(), null))) {
      for (int status : List.of(401, 403, 404, 500, 503)) {
        server.failWith(status);
        assertFailure(source, "" + status);
      }
    }
  }

  @Test
  void refusesAServerOfAnUnknownAuthority() {
    try (HttpsGitServer server = https("localhost");
        GitSource source = source(https(server, null, null))) {
      assertFailure(source, "certificate is not trusted");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void refusesACertificateForAnotherHost() {
    try (HttpsGitServer server =
            HttpsGitServer.start(
                temporary, authority.server("git.acme.example"), "localhost", TOKEN);
        GitSource source = source(https(server, authority.ca(), null))) {
      assertFailure(source, "certificate is not trusted");
      assertThat(server.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost"})
  void doesNotCarryTheTokenToAnotherHostOrPort(String host) {
    try (HttpsGitServer server = https("localhost");
        HttpsGitServer other = https(host);
        GitSource source = source(https(server, authority.ca(), null))) {
      server.redirectTo(other.url(""));
      assertFailure(source, "the server denied access (401)");
      assertThat(other.requests()).isNotEmpty().noneMatch(HttpsGitServer.Request::authorized);
    }
  }

  @Test
  void goesThroughTheProxyByNameExceptWhereItIsToldNotTo() throws SourceException {
    try (HttpsGitServer server =
            HttpsGitServer.start(
                temporary, authority.server("git.acme.example"), "git.acme.example", TOKEN);
        ConnectProxy proxy = ConnectProxy.start()) {
      // The name has no address here: only the proxy can find it.
      try (GitSource source =
          source(https(server, authority.ca(), proxy.exempting("other.example")))) {
        assertThat(source.fetch().id()).isEqualTo(head);
        assertThat(proxy.targets()).isNotEmpty().containsOnly("git.acme.example:" + server.port());
      }
      int tunnels = proxy.targets().size();
      try (GitSource source =
          source(https(server, authority.ca(), proxy.exempting(".acme.example")))) {
        assertFailure(source, "the host name is not known");
        assertThat(proxy.targets()).hasSize(tunnels);
      }
    }
  }

  @Test
  void saysThatTheServerIsUnreachableOrSilent() throws Exception {
    URI nobody = URI.create("https://127.0.0.1:" + TestBed.freePort() + "/remote.git");
    try (GitSource source = source(settings(nobody, MAIN, token(), null, null))) {
      assertFailure(source, "no connection to the server");
    }
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      URI url = URI.create("https://127.0.0.1:" + silent.getLocalPort() + "/remote.git");
      try (GitSource source =
          new GitSource(settings(url, MAIN, token(), null, null), within(1, 20))) {
        assertFailure(source, "did not answer in time");
      }
    }
  }

  @Test
  void fetchesOverSshWithAKeyAndKnownHosts() throws Exception {
    try (SshGitServer server = SshGitServer.start(temporary.resolve("ssh"));
        GitSource source = source(ssh(server, server.key(), server.knownHosts()))) {
      String known = Files.readString(server.knownHosts());
      assertThat(source.fetch().id()).isEqualTo(head);
      String next = repository.write("a.yaml", "b").commit("Second");
      assertThat(source.fetch().id()).isEqualTo(next);
      assertThat(Files.readString(server.knownHosts())).isEqualTo(known);
    }
  }

  @Test
  void refusesAWrongAndAnUnknownHostKey() throws Exception {
    Path nobody = Files.writeString(temporary.resolve("nobody"), "");
    try (SshGitServer server = SshGitServer.start(temporary.resolve("ssh"))) {
      for (Path knownHosts : List.of(server.wrongKnownHosts(), nobody)) {
        String before = Files.readString(knownHosts);
        try (GitSource source = source(ssh(server, server.key(), knownHosts))) {
          assertFailure(source, "host key is not in the known hosts");
        }
        assertThat(Files.readString(knownHosts)).isEqualTo(before);
      }
    }
  }

  @Test
  void saysThatTheSshServerDoesNotAcceptTheKeyOrHasNoSuchRepository() throws Exception {
    try (SshGitServer server = SshGitServer.start(temporary.resolve("ssh"))) {
      try (GitSource source = source(ssh(server, server.otherKey(), server.knownHosts()))) {
        assertFailure(source, "did not accept the SSH key");
      }
      var login = new Login.Ssh(server.key(), server.knownHosts());
      URI absent = server.url(temporary.resolve("absent.git"));
      try (GitSource source = source(settings(absent, MAIN, login, null, null))) {
        assertFailure(source, "the server has no such repository");
      }
    }
  }

  @Test
  void saysWhichFileCannotBeRead() {
    var absent = temporary.resolve("absent");
    URI url = URI.create("https://127.0.0.1:1/remote.git");
    try (GitSource source = source(settings(url, MAIN, token(), absent, null))) {
      assertFailure(source, absent.toString());
    }
    var login = new Login.Token(HttpsGitServer.USERNAME, absent);
    try (GitSource source = source(settings(url, MAIN, login, authority.ca(), null))) {
      assertFailure(source, absent.toString());
    }
  }

  private static void assertFailure(GitSource source, String message) {
    assertThatThrownBy(source::fetch)
        .isInstanceOf(SourceException.class)
        .hasMessageContaining(message)
        .satisfies(
            thrown ->
                assertThat(thrown)
                    .extracting(GitSourceIT::everything)
                    .asString()
                    .doesNotContain(TOKEN));
  }

  private static String everything(Throwable thrown) {
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  private HttpsGitServer https(String host) {
    return HttpsGitServer.start(temporary, authority.server("localhost", "127.0.0.1"), host, TOKEN);
  }

  private GitSettings https(HttpsGitServer server, @Nullable Path ca, @Nullable HttpProxy proxy) {
    return https(server, MAIN, ca, proxy);
  }

  private GitSettings https(
      HttpsGitServer server, Reference reference, @Nullable Path ca, @Nullable HttpProxy proxy) {
    return settings(server.url("remote.git"), reference, token(), ca, proxy);
  }

  private GitSettings ssh(SshGitServer server, Path key, Path knownHosts) {
    URI url = server.url(repository.bare());
    return settings(url, MAIN, new Login.Ssh(key, knownHosts), null, null);
  }

  private Login token() {
    return new Login.Token(HttpsGitServer.USERNAME, tokenFile);
  }

  private GitSettings settings(
      URI url, Reference reference, Login login, @Nullable Path ca, @Nullable HttpProxy proxy) {
    return new GitSettings(url, reference, ".", login, ca, proxy, temporary.resolve("state"));
  }

  private static GitSource source(GitSettings settings) {
    return new GitSource(settings, within(20, 20));
  }

  private static Limits within(int silence, int conversation) {
    var whole = Duration.ofSeconds(conversation);
    return new Limits(Duration.ofSeconds(silence), whole, whole);
  }
}
