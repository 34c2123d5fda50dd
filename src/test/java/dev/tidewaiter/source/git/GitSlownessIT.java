package dev.tidewaiter.source.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tidewaiter.model.HttpProxy;
import dev.tidewaiter.model.Revision;
import dev.tidewaiter.source.SourceException;
import dev.tidewaiter.source.git.GitSettings.Login;
import dev.tidewaiter.source.git.GitSettings.Reference;
import dev.tidewaiter.testbed.ConnectProxy;
import dev.tidewaiter.testbed.DrippingServer;
import dev.tidewaiter.testbed.DrippingServer.Part;
import dev.tidewaiter.testbed.GitRepository;
import dev.tidewaiter.testbed.SshGitServer;
import dev.tidewaiter.testbed.TestCertificates;
import dev.tidewaiter.testing.Await;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The Git source against servers that are never silent and never at an end of their answer.
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GitSlownessIT {
  private static final Limits SHORT =
      new Limits(Duration.ofSeconds(30), Duration.ofSeconds(1), Duration.ofSeconds(1));

  @TempDir Path temporary;
  private TestCertificates authority;

  @BeforeEach
  void prepare() {
    authority = TestCertificates.create(temporary.resolve("authority"));
  }

  @ParameterizedTest
  @EnumSource
  void endsAConversationOverHttpsThatTheServerDoesNotEnd(Part part) {
    try (DrippingServer server = dripping(part);
        GitSource source = new GitSource(https(server, null), SHORT)) {
      assertEnded(source);
    }
  }

  @Test
  void endsOneThroughAProxy() {
    try (DrippingServer server = dripping(Part.BODY);
        ConnectProxy proxy = ConnectProxy.start();
        GitSource source = new GitSource(https(server, proxy.exempting()), SHORT)) {
      assertEnded(source);
      assertThat(proxy.targets()).hasSize(1);
    }
  }

  @Test
  void endsOneOverSsh() {
    try (SshGitServer server = SshGitServer.dripping(temporary.resolve("ssh"))) {
      var login = new Login.Ssh(server.key(), server.knownHosts());
      URI url = server.url(Path.of("/any.git"));
      try (GitSource source = new GitSource(settings(url, login, null), SHORT)) {
        assertEnded(source);
      }
    }
  }

  @Test
  void givesWhatIsHereWhileTheServerIsStillAnswering() throws Exception {
    GitRepository repository = GitRepository.create(temporary);
    repository.write("a.yaml", "a").commit("First");
    Revision known;
    try (GitSource source =
        new GitSource(settings(repository.url(), new Login.None(), null), Limits.OF_SERVERS)) {
      known = source.fetch();
    }
    var failure = new AtomicReference<@Nullable Throwable>();
    try (DrippingServer server = dripping(Part.BODY)) {
      Thread asking;
      try (GitSource source = new GitSource(https(server, null), Limits.OF_SERVERS)) {
        asking = Thread.ofPlatform().start(() -> failure.set(catchThrowable(source::fetch)));
        server.awaitAsked();
        assertThat(source.lastFetched()).contains(known);
        assertThat(source.snapshot(known).entries()).hasSize(1);
        assertThat(source.history(known).revisions()).hasSize(1);
        source.settle(known);
        assertThat(source.settled()).isEqualTo(known);
      }
      assertThat(asking.isAlive()).isTrue();
    }
    Await.untilTrue(Duration.ofSeconds(20), "the end", () -> failure.get() != null);
    assertThat(failure.get()).isInstanceOf(SourceException.class);
  }

  private static void assertEnded(GitSource source) {
    assertThatThrownBy(source::fetch)
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("the server was still answering after");
  }

  private DrippingServer dripping(Part part) {
    return DrippingServer.start(authority.server("localhost"), part);
  }

  private GitSettings https(DrippingServer server, @Nullable HttpProxy proxy) {
    URI url = URI.create("https://localhost:" + server.port() + "/remote.git");
    return settings(url, new Login.None(), proxy);
  }

  private GitSettings settings(URI url, Login login, @Nullable HttpProxy proxy) {
    return new GitSettings(
        url,
        new Reference.Branch("main"),
        ".",
        login,
        authority.ca(),
        proxy,
        temporary.resolve("state"));
  }
}
