package dev.tidewaiter.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.DaemonConfiguration.AllowedPath;
import dev.tidewaiter.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BindingsTest {
  private static final String VAULT =
      "vault: {address: 'https://vault.example', auth: {token: {file: /t}}, allowedPaths: [%s]}";

  @TempDir private Path directory;

  private DaemonConfiguration daemon(String spec) throws IOException {
    Path file = directory.resolve("tidewaiter.yaml");
    Files.writeString(
        file,
        """
        apiVersion: tidewaiter.dev/v1
        kind: Daemon
        metadata: {name: test}
        spec:
          repository: {url: 'file:///srv/x.git'}
          %s
        """
            .formatted(spec));
    return switch (new DaemonConfigurationLoader(Path.of("/state")).load(file)) {
      case LoadedConfiguration.Accepted accepted -> accepted.configuration();
      case LoadedConfiguration.Rejected(List<Problem> problems) ->
          throw new AssertionError(problems.toString());
    };
  }

  /// Registry `quay` with this password, in environment `production`.
  private static Declarations declarations(String password, String environment) {
    String registry =
        """
        apiVersion: tidewaiter.dev/v1
        kind: Registry
        metadata: {name: quay}
        spec: {address: quay.io, credential: {basic: {username: u, password: %s}}}
        """
            .formatted(password);
    var snapshot = Trees.documents(registry, Trees.environment("production", environment));
    var context = LoadContext.applying(null, AdditionOrder.unknown());
    return switch (new DeclarationLoader().load(snapshot, context)) {
      case Loaded.Accepted accepted -> accepted.declarations();
      case Loaded.Rejected(List<Problem> problems) -> throw new AssertionError(problems.toString());
    };
  }

  private static Declarations vault(String path) {
    return declarations("{vault: {path: " + path + ", key: k}}", "{registries: [quay]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret",
        "secret/registries",
        "secret/registries/quay",
        "{path: secret/registries/quay, addresses: [quay.io], environments: [production]}",
        "{path: secret/registries/quay, addresses: [docker.io, quay.io]}",
        "{path: secret/registries/quay, environments: [production]}",
        "{path: secret, addresses: [docker.io]}, secret/registries",
        "{path: secret/registries, addresses: [docker.io]},"
            + " {path: secret/registries, addresses: [quay.io]}"
      })
  void permits(String allowed) throws IOException {
    assertThat(Bindings.check(vault("secret/registries/quay"), daemon(VAULT.formatted(allowed))))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "other",
        "secret/reg",
        "secret/registries/quay/deeper",
        "secret/registries/qua",
        "{path: secret/registries/quay, addresses: [docker.io]}",
        "{path: secret/registries/quay, addresses: [quay.io], environments: [staging]}",
        "secret/registries, {path: secret/registries/quay, addresses: [docker.io]}"
      })
  void refuses(String allowed) throws IOException {
    assertThat(Bindings.check(vault("secret/registries/quay"), daemon(VAULT.formatted(allowed))))
        .singleElement()
        .satisfies(
            p ->
                assertThat(p.message())
                    .startsWith("`spec.credential.basic.password` of Registry `quay` "));
  }

  @Test
  void refusesVaultWhereThereIsNone() throws IOException {
    assertThat(Bindings.check(vault("secret/x"), daemon("files: {}"))).hasSize(1);
  }

  @Test
  void looksOnlyAtEnvironmentsThatAreServedAndNotRetired() throws IOException {
    var elsewhere = daemon("environments: [staging]");
    assertThat(Bindings.check(vault("secret/x"), elsewhere)).isEmpty();
    var retired =
        declarations("{vault: {path: secret/x, key: k}}", "{registries: [quay], state: Retired}");
    assertThat(Bindings.check(retired, daemon("files: {}"))).isEmpty();
  }

  @Test
  void permitsFilesOnlyBeneathAllowedDirectories() throws IOException {
    var daemon = daemon("files: {allowedDirectories: [/run/secrets]}");
    assertThat(Bindings.check(file("/run/secrets/quay"), daemon)).isEmpty();
    assertThat(Bindings.check(file("/run/secrets"), daemon)).hasSize(1);
    assertThat(Bindings.check(file("/run/secrets-of-others/quay"), daemon)).hasSize(1);
    assertThat(Bindings.check(file("/etc/shadow"), daemon)).hasSize(1);
  }

  private static Declarations file(String path) {
    return declarations("{file: " + path + "}", "{registries: [quay]}");
  }

  @Test
  void namesTheEntriesThatAreNotBound() throws IOException {
    var daemon =
        daemon(
            VAULT.formatted(
                "secret/ca, {path: secret/a, addresses: [quay.io]},"
                    + " {path: secret/b, addresses: [quay.io], environments: [production]}"));
    assertThat(Bindings.unbound(daemon))
        .extracting(AllowedPath::path)
        .containsExactly("secret/ca", "secret/a");
  }
}
