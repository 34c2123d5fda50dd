package dev.tidewaiter.target.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.testing.Await;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeconfigTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private Path directory;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void startsAPluginAndUsesItsTokenUntilItExpires() throws IOException {
    Path count = directory.resolve("count");
    plugin(
        """
        echo x >> %s
        echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",\
        "status":{"token":"from-the-plugin","expirationTimestamp":"2026-01-01T01:00:00Z"}}'
        """
            .formatted(count));

    Config config = config(kubeconfig("exec", execUser()));

    assertThat(config.getOauthTokenProvider().getToken()).isEqualTo("from-the-plugin");
    assertThat(config.getOauthTokenProvider().getToken()).isEqualTo("from-the-plugin");
    assertThat(Files.readAllLines(count)).hasSize(1);
    now = now.plusSeconds(3600);
    assertThat(config.getOauthTokenProvider().getToken()).isEqualTo("from-the-plugin");
    assertThat(Files.readAllLines(count)).hasSize(2);
  }

  @Test
  void startsNoPluginFromAFileThatOthersMayWrite() throws IOException {
    plugin("touch " + directory.resolve("must-not-be-started"));
    Path file = kubeconfig("open", execUser());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

    assertThatThrownBy(() -> load(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is writable by others");
    assertThat(directory.resolve("must-not-be-started")).doesNotExist();
  }

  @Test
  void startsNoPluginFromADirectoryThatOthersMayWrite() throws IOException {
    plugin("true");
    Path open = Files.createDirectory(directory.resolve("open"));
    Path file = Files.copy(kubeconfig("exec", execUser()), open.resolve("kubeconfig"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThatThrownBy(() -> load(file)).hasMessageContaining(open + " is writable by others");
  }

  @Test
  void doesNotQuoteAPluginThatFails() throws IOException {
    plugin("echo canary; echo canary >&2; exit 1");
    Credentials credentials = load(kubeconfig("exec", execUser()));

    assertThatThrownBy(credentials::config)
        .hasMessage("the credential plugin ./plugin failed")
        .hasNoCause();
  }

  @Test
  void readsNoMoreOfAPluginThanACredentialTakes() throws IOException {
    plugin(
        """
        head -c 300000 /dev/zero | tr '\\0' ' '
        echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",\
        "status":{"token":"must not be used: after 256 KiB"}}'
        """);
    Credentials credentials = load(kubeconfig("exec", execUser()));

    assertThatThrownBy(credentials::config)
        .hasMessageContaining("the credential plugin ./plugin gave no")
        .hasNoCause();
  }

  @Test
  void doesNotWaitForWhatAPluginLeavesBehind() throws IOException {
    plugin(
        """
        sleep 1000 &
        echo $! > %s
        echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",\
        "status":{"token":"from-the-plugin"}}'
        """
            .formatted(leftBehind()));
    try {
      assertThat(config(kubeconfig("exec", execUser())).getOauthTokenProvider().getToken())
          .isEqualTo("from-the-plugin");
      assertThat(child()).as("what holds the plugin's output open").isPresent();
    } finally {
      child().ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void endsAPluginThatIsGivenUpWithAllThatItStarted() throws IOException, InterruptedException {
    plugin("sleep 1000 & echo $! > %1$s.new; mv %1$s.new %1$s; wait".formatted(leftBehind()));
    Credentials credentials = load(kubeconfig("exec", execUser()));
    Thread asking =
        Thread.ofPlatform().start(() -> assertThatThrownBy(credentials::config).isNotNull());
    try {
      Await.untilTrue(LIMIT, "not started", () -> Files.exists(leftBehind()));

      asking.interrupt();

      Await.untilTrue(LIMIT, "still there", () -> child().isEmpty());
      asking.join();
    } finally {
      child().ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private Path leftBehind() {
    return directory.resolve("left-behind");
  }

  private Optional<ProcessHandle> child() throws IOException {
    long pid = Long.parseLong(Files.readString(leftBehind()).strip());
    // One that is dead and not yet waited for has no command any more.
    return ProcessHandle.of(pid).filter(process -> process.info().command().isPresent());
  }

  @Test
  void readsATokenFileAgain() throws IOException {
    Path token = Files.writeString(directory.resolve("token"), "first\n");
    Config config = config(kubeconfig("file", "tokenFile: " + token));

    assertThat(config.getOauthTokenProvider().getToken()).isEqualTo("first");
    Files.writeString(token, "second\n");
    assertThat(config.getOauthTokenProvider().getToken()).isEqualTo("second");
  }

  @Test
  void refusesAContextThatIsNotThere() throws IOException {
    Path file = kubeconfig("plain", "token: t");

    assertThatThrownBy(() -> load(file, "other")).hasMessageContaining("no context other");
  }

  private Config config(Path file) throws IOException {
    return load(file).config();
  }

  private Credentials load(Path file) throws IOException {
    return load(file, null);
  }

  private Credentials load(Path file, @Nullable String context) throws IOException {
    return Kubeconfig.load(file, context, () -> now);
  }

  private static String execUser() {
    return "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin}";
  }

  private void plugin(String script) throws IOException {
    Path file = Files.writeString(directory.resolve("plugin"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private Path kubeconfig(String name, String user) throws IOException {
    return Files.writeString(
        directory.resolve(name),
        """
        current-context: c
        contexts: [{name: c, context: {cluster: c, user: u}}]
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
        users: [{name: u, user: {%s}}]
        """
            .formatted(user));
  }
}
