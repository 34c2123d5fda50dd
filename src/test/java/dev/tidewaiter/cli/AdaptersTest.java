package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.DaemonConfiguration;
import dev.tidewaiter.config.DaemonConfiguration.VaultLogin;
import dev.tidewaiter.model.HttpProxy;
import dev.tidewaiter.secrets.vault.VaultSettings;
import dev.tidewaiter.source.git.GitSettings;
import dev.tidewaiter.target.kubernetes.ClusterSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every setting of the daemon's configuration arrives at the adapter that it is for.
class AdaptersTest {
  private static final Path CORPUS =
      Path.of("src/test/resources/dev/tidewaiter/config/corpus/daemon").toAbsolutePath();
  private static final Path CLONE = Path.of("/state/clone");

  @TempDir private Path directory;

  private final DaemonConfiguration full = load(CORPUS.resolve("valid-full.yaml"));

  @Test
  void git() {
    assertThat(Adapters.git(full, CLONE))
        .isEqualTo(
            new GitSettings(
                URI.create("ssh://git@git.acme.example/registries.git"),
                new GitSettings.Reference.Branch("main"),
                "registries",
                new GitSettings.Login.Ssh(
                    Path.of("/run/secrets/git-key"), CORPUS.resolve("known_hosts")),
                null,
                new HttpProxy("proxy.acme.example", 3128, List.of(".acme.example")),
                CLONE));
  }

  @Test
  void gitOverHttpsWithATokenAndACa() throws IOException {
    DaemonConfiguration configuration =
        load(
            """
            {repository: {url: "https://git.acme.example/r.git", tag: v1,
             auth: {token: {username: bot, file: /run/token}}, tls: {ca: {file: /run/ca.pem}}}}
            """);
    GitSettings settings = Adapters.git(configuration, CLONE);
    assertThat(settings.reference()).isEqualTo(new GitSettings.Reference.Tag("v1"));
    assertThat(settings.login())
        .isEqualTo(new GitSettings.Login.Token("bot", Path.of("/run/token")));
    assertThat(settings.ca()).isEqualTo(Path.of("/run/ca.pem"));
    assertThat(settings.proxy()).isNull();
  }

  @Test
  void aProxyIsAtPort80UnlessItSays() throws IOException {
    DaemonConfiguration configuration =
        load("{repository: {url: \"file:///srv/r.git\"}, proxy: {url: \"http://proxy.example\"}}");
    assertThat(configuration.proxy()).isEqualTo(new HttpProxy("proxy.example", 80, List.of()));
  }

  @Test
  void aPinnedRevision() throws IOException {
    String id = "0123456789abcdef0123456789abcdef01234567";
    DaemonConfiguration configuration =
        load("{repository: {url: \"file:///srv/r.git\", revision: \"%s\"}}".formatted(id));
    assertThat(Adapters.git(configuration, CLONE).reference())
        .isEqualTo(new GitSettings.Reference.Pinned(id));
  }

  @Test
  void vault() {
    DaemonConfiguration.Vault vault = full.vault();
    assertThat(vault).isNotNull();
    if (vault != null) {
      assertThat(Adapters.vault(vault, full.proxy()))
          .isEqualTo(
              VaultSettings.of(
                  URI.create("https://vault.acme.example:8200"),
                  "platform",
                  Path.of("/run/secrets/vault-ca.pem"),
                  new HttpProxy("proxy.acme.example", 3128, List.of(".acme.example")),
                  new VaultSettings.Login.AppRole(
                      "approle",
                      Path.of("/run/secrets/role-id"),
                      Path.of("/run/secrets/secret-id"))));
    }
  }

  @Test
  void vaultWithATokenAndWithoutAProxy() throws IOException {
    DaemonConfiguration configuration =
        load(
            """
            {repository: {url: "file:///srv/r.git"}, vault: {address: "https://vault:8200",
             auth: {token: {file: /run/token}}, allowedPaths: [secret]}}
            """);
    DaemonConfiguration.Vault vault = configuration.vault();
    assertThat(vault).isNotNull();
    if (vault != null) {
      VaultSettings settings = Adapters.vault(vault, configuration.proxy());
      assertThat(settings.login()).isEqualTo(new VaultSettings.Login.Token(Path.of("/run/token")));
      assertThat(settings.proxy()).isNull();
      assertThat(settings.namespace()).isEmpty();
    }
  }

  @Test
  void everyLoginOfVault() {
    assertThat(login(new VaultLogin.Kubernetes("k8s", "tidewaiter")))
        .isEqualTo(
            new VaultSettings.Login.Kubernetes(
                "k8s",
                "tidewaiter",
                Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token")));
    assertThat(login(new VaultLogin.Jwt("ci", "tidewaiter", Path.of("/run/jwt"))))
        .isEqualTo(new VaultSettings.Login.Jwt("ci", "tidewaiter", Path.of("/run/jwt")));
    assertThat(login(new VaultLogin.Certificate("cert", Path.of("/run/c"), Path.of("/run/k"))))
        .isEqualTo(
            new VaultSettings.Login.Certificate("cert", Path.of("/run/c"), Path.of("/run/k")));
  }

  private static VaultSettings.Login login(VaultLogin login) {
    URI address = URI.create("https://vault:8200");
    return Adapters.vault(new DaemonConfiguration.Vault(address, "", null, login, List.of()), null)
        .login();
  }

  @Test
  void clusters() {
    assertThat(full.clusters())
        .extracting(cluster -> Adapters.cluster(full, cluster, full.resyncInterval()))
        .containsExactly(
            new ClusterSettings(
                "prod-eu",
                new ClusterSettings.Access.InCluster(),
                "prod-eu",
                null,
                Duration.ofHours(1)),
            new ClusterSettings(
                "prod-us",
                new ClusterSettings.Access.Kubeconfig(CORPUS.resolve("us.kubeconfig"), "admin"),
                "prod-eu",
                null,
                Duration.ofHours(1)));
  }

  private DaemonConfiguration load(String spec) throws IOException {
    Path file = directory.resolve("tidewaiter.yaml");
    Files.writeString(
        file, "apiVersion: tidewaiter.dev/v1\nkind: Daemon\nmetadata: {name: test}\nspec: " + spec);
    return load(file);
  }

  private static DaemonConfiguration load(Path file) {
    try {
      return ConfigurationFile.load(file);
    } catch (CommandFailure e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }
}
