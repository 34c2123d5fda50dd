package dev.tidewaiter.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.DaemonConfiguration.ClusterAccess;
import dev.tidewaiter.config.DaemonConfiguration.GitLogin;
import dev.tidewaiter.config.DaemonConfiguration.Listen;
import dev.tidewaiter.config.DaemonConfiguration.Reference;
import dev.tidewaiter.config.DaemonConfiguration.VaultLogin;
import dev.tidewaiter.model.Network;
import dev.tidewaiter.model.Problem;
import dev.tidewaiter.model.RegistryAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is valid; what is not is in the corpus.
class DaemonConfigurationLoaderTest {
  private static final Path FULL =
      Path.of("src/test/resources/dev/tidewaiter/config/corpus/daemon/valid-full.yaml");

  @TempDir private Path directory;

  private static DaemonConfiguration load(Path file) {
    return switch (new DaemonConfigurationLoader(Path.of("/default/state")).load(file)) {
      case LoadedConfiguration.Accepted accepted -> accepted.configuration();
      case LoadedConfiguration.Rejected(List<Problem> problems) ->
          throw new AssertionError(problems.toString());
    };
  }

  private DaemonConfiguration loadText(String spec) throws IOException {
    Path file = directory.resolve("tidewaiter.yaml");
    Files.writeString(
        file, "apiVersion: tidewaiter.dev/v1\nkind: Daemon\nmetadata: {name: t}\nspec: " + spec);
    return load(file);
  }

  @Test
  void leavesContainerdsSettingsUnlessItIsToldOtherwise() throws IOException {
    String host = "{repository: {url: 'file:///srv/x.git'}, host: {labels: {role: worker}%s}}";
    assertThat(loadText(host.formatted("")).host())
        .isEqualTo(
            new DaemonConfiguration.Host(
                Map.of("role", "worker"), Path.of("/"), DaemonConfiguration.ConfigPath.LEAVE));
    assertThat(loadText(host.formatted(", containerd: {configPath: Set}")).host())
        .isEqualTo(
            new DaemonConfiguration.Host(
                Map.of("role", "worker"), Path.of("/"), DaemonConfiguration.ConfigPath.SET));
  }

  @Test
  void fillsInDefaults() throws IOException {
    DaemonConfiguration loaded = loadText("{repository: {url: 'file:///srv/x.git'}}");
    assertThat(loaded.stateDirectory()).isEqualTo(Path.of("/default/state"));
    assertThat(loaded.repository().reference()).isEqualTo(new Reference.Branch("main"));
    assertThat(loaded.repository().path()).isEqualTo(".");
    assertThat(loaded.repository().interval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(loaded.repository().login()).isEqualTo(new GitLogin.None());
    assertThat(loaded.resyncInterval()).isEqualTo(Duration.ofMinutes(10));
    assertThat(loaded.listen()).isEqualTo(new Listen("127.0.0.1", 8080));
    assertThat(loaded.aws()).isEqualTo(new DaemonConfiguration.Aws(List.of(), List.of()));
    assertThat(loaded.google()).isEqualTo(new DaemonConfiguration.Google(List.of()));
    assertThat(loaded.probe()).isEqualTo(new DaemonConfiguration.Probe(List.of(), List.of()));
    assertThat(loaded.environments()).isNull();
    assertThat(loaded.vault()).isNull();
    assertThat(loaded.host()).isNull();
    assertThat(loaded.proxy()).isNull();
    assertThat(loaded.clusters()).isEmpty();
  }

  @Test
  void readsEveryField() {
    DaemonConfiguration loaded = load(FULL);
    assertThat(loaded.instance()).isEqualTo("prod-eu");
    assertThat(loaded.repository().login())
        .isEqualTo(
            new GitLogin.Ssh(
                Path.of("/run/secrets/git-key"),
                FULL.toAbsolutePath().resolveSibling("known_hosts")));
    assertThat(loaded.vault())
        .isNotNull()
        .satisfies(
            vault -> {
              assertThat(vault.namespace()).isEqualTo("platform");
              assertThat(vault.ca()).isEqualTo(Path.of("/run/secrets/vault-ca.pem"));
              assertThat(vault.login())
                  .isEqualTo(
                      new VaultLogin.AppRole(
                          "approle",
                          Path.of("/run/secrets/role-id"),
                          Path.of("/run/secrets/secret-id")));
              assertThat(vault.allowedPaths()).hasSize(2);
            });
    assertThat(loaded.clusters())
        .extracting(DaemonConfiguration.Cluster::access)
        .containsExactly(
            new ClusterAccess.InCluster(),
            new ClusterAccess.Kubeconfig(
                FULL.toAbsolutePath().resolveSibling("us.kubeconfig"), "admin"));
    assertThat(loaded.aws())
        .isEqualTo(
            new DaemonConfiguration.Aws(
                List.of("arn:aws:iam::123456789012:role/pull"),
                List.of("123456789012", "public.ecr.aws")));
    assertThat(loaded.google())
        .isEqualTo(
            new DaemonConfiguration.Google(
                List.of(new RegistryAddress("europe-west1-docker.pkg.dev"))));
    assertThat(loaded.probe())
        .isEqualTo(
            new DaemonConfiguration.Probe(
                List.of("auth.acme.example:8443"),
                List.of(Network.parse("10.0.0.0/8"), Network.parse("fd00::/8"))));
    assertThat(loaded.environments()).containsExactly("production");
    assertThat(loaded.resyncInterval()).isEqualTo(Duration.ofHours(1));
    assertThat(loaded.listen()).isEqualTo(new Listen("::1", 8080));
  }

  @Test
  void followsATagOrAPinnedRevision() throws IOException {
    String revision = "9fceb02d0ae598e95dc970b74767f19372d61af8";
    assertThat(loadText("{repository: {url: 'file:///x', tag: v1}}").repository().reference())
        .isEqualTo(new Reference.Tag("v1"));
    assertThat(
            loadText("{repository: {url: 'file:///x', revision: " + revision + "}}")
                .repository()
                .reference())
        .isEqualTo(new Reference.Pinned(revision));
  }

  @Test
  void readsEachLoginOfVaultWithTheMountThatVaultGivesIt() throws IOException {
    assertThat(login("{token: {file: token}}"))
        .isEqualTo(new VaultLogin.Token(directory.resolve("token")));
    assertThat(login("{kubernetes: {role: r}}"))
        .isEqualTo(new VaultLogin.Kubernetes("kubernetes", "r"));
    assertThat(login("{kubernetes: {mount: eu/prod, role: r}}"))
        .isEqualTo(new VaultLogin.Kubernetes("eu/prod", "r"));
    assertThat(login("{jwt: {role: r, file: /run/secrets/jwt}}"))
        .isEqualTo(new VaultLogin.Jwt("jwt", "r", Path.of("/run/secrets/jwt")));
    assertThat(login("{certificate: {cert: {file: c.pem}, key: {file: k.pem}}}"))
        .isEqualTo(
            new VaultLogin.Certificate(
                "cert", directory.resolve("c.pem"), directory.resolve("k.pem")));
  }

  private VaultLogin login(String auth) throws IOException {
    DaemonConfiguration loaded =
        loadText(
            "{repository: {url: 'file:///x'}, vault: {address: 'https://vault.example', auth: %s}}"
                .formatted(auth));
    return Optional.ofNullable(loaded.vault()).orElseThrow().login();
  }

  @Test
  void reportsAFileThatCannotBeRead() {
    Path missing = directory.resolve("missing.yaml");
    assertThat(new DaemonConfigurationLoader(Path.of("/state")).load(missing))
        .isInstanceOfSatisfying(
            LoadedConfiguration.Rejected.class,
            rejected ->
                assertThat(rejected.problems())
                    .extracting(Problem::message)
                    .containsExactly("The file cannot be read."));
  }

  @Test
  void putsStateWhereTheUserMayWrite() {
    Path home = Path.of("/home/u");
    assertThat(DaemonConfigurationLoader.defaultStateDirectory(Map.of(), "root", home))
        .isEqualTo(Path.of("/var/lib/tidewaiter"));
    assertThat(
            DaemonConfigurationLoader.defaultStateDirectory(
                Map.of("XDG_STATE_HOME", "/state"), "u", home))
        .isEqualTo(Path.of("/state/tidewaiter"));
    assertThat(
            DaemonConfigurationLoader.defaultStateDirectory(
                Map.of("XDG_STATE_HOME", "must-not-be-used-because-relative"), "u", home))
        .isEqualTo(Path.of("/home/u/.local/state/tidewaiter"));
  }
}
