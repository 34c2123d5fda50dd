package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testing.Canary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `import` of files; of clusters and to Vault, see `ImportIT`.
class ImportCommandTest {
  private final Canary canary = new Canary("import");

  @TempDir private Path directory;

  private Path config;
  private Path to;

  @BeforeEach
  void writeConfig() throws IOException {
    to = directory.resolve("declarations");
    String pair = "acme+puller:" + canary.value();
    config =
        Files.writeString(
            directory.resolve("config.json"),
            """
            {"auths": {
              "https://index.docker.io/v1/": {"auth": "%1$s"},
              "quay.io": {"auth": "%1$s"},
              "ghcr.io/acme": {"auth": "%1$s"}}}
            """
                .formatted(
                    Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void whatItWritesIsAcceptedAndWhatItPrintsHasNoSecret() throws IOException {
    Shell.Ended ended = run();
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    canary.assertAbsentFrom(ended.out() + ended.err(), "the output");
    assertThat(ended.out())
        .contains("docker-hub  docker.io  basic", "quay-io     quay.io    basic")
        .contains("left: " + config + ": ghcr.io/acme: ")
        .contains("Declarations: " + to, "allowedPaths:");
    assertThat(Shell.run("validate", to.toString()).out()).endsWith(": valid\n");
    try (Stream<Path> files = Files.walk(to)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        canary.assertAbsentFrom(Files.readString(file), file.toString());
      }
    }
    Path secrets = directory.resolve("declarations.vault");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)))
        .isEqualTo("rwx------");
    JsonNode quay = JsonMapper.shared().readTree(Files.readString(secrets.resolve("quay-io.json")));
    assertThat(quay.path("password").asString()).isEqualTo(canary.value());
    canary.assertAbsentFrom(Files.readString(secrets.resolve("write-to-vault.sh")), "the script");
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "yaml"})
  void printsADocumentForPrograms(String format) {
    Shell.Ended ended = run("--output", format);
    assertThat(ended.exitCode()).isZero();
    canary.assertAbsentFrom(ended.out(), format);
    if (format.equals("json")) {
      JsonNode document = JsonMapper.shared().readTree(ended.out());
      assertThat(document.at("/registries/1/vaultPath").asString())
          .isEqualTo("secret/registries/quay-io");
      assertThat(document.at("/left/0/what").asString()).isEqualTo("ghcr.io/acme");
    }
  }

  @Test
  void theSettingsItPrintsAllowWhatItDeclares() throws IOException {
    Files.writeString(
        config,
        """
        {"auths": {
          "quay.io": {"username": "me", "password": "x"},
          "123456789012.dkr.ecr.eu-central-1.amazonaws.com": {"username": "AWS", "password": "x"},
          "public.ecr.aws": {"username": "AWS", "password": "x"},
          "europe-docker.pkg.dev": {"username": "_json_key", "password": "{}"},
          "gcr.io": {"username": "oauth2accesstoken", "password": "x"}}}
        """);
    JsonNode document = JsonMapper.shared().readTree(run("--output", "json").out());
    assertThat(document.path("registries").findValuesAsString("credential"))
        .containsExactly("ecr", "googleKey", "googleToken", "ecr", "basic");
    Files.writeString(
        to.resolve("environments.yaml"),
        """
        apiVersion: tidewaiter.dev/v1
        kind: Environment
        metadata: {name: production}
        spec: {registries: %s, namespaces: {names: [shop]}}
        """
            .formatted(document.path("registries").findValuesAsString("name")));
    Path daemon = directory.resolve("tidewaiter.yaml");
    String head =
        """
        apiVersion: tidewaiter.dev/v1
        kind: Daemon
        metadata: {name: test}
        spec:
          repository: {url: "file:///nowhere"}
        """;
    String vault = "  address: https://vault.acme.example\n  auth: {token: {file: token}}\n";
    String settings = document.path("daemonSettings").asString();
    Files.writeString(
        daemon, head + Output.indented(settings.replace("vault:\n", "vault:\n" + vault)));
    Shell.Ended allowed = Shell.run("validate", to.toString(), "--config", daemon.toString());
    assertThat(allowed.exitCode()).as(allowed.out() + allowed.err()).isZero();
    Files.writeString(daemon, head + Output.indented("vault:\n" + vault));
    assertThat(Shell.run("validate", to.toString(), "--config", daemon.toString()).exitCode())
        .as("without them it is refused")
        .isEqualTo(3);
  }

  @Test
  void aRegistryThatBecomesInsecureIsTold() throws IOException {
    Path daemon = directory.resolve("daemon.json");
    Files.writeString(daemon, "{\"insecure-registries\": [\"lab.acme.example:5000\"]}");
    assertThat(
            run("--daemon-json", daemon.toString())
                .out()
                .lines()
                .filter(line -> line.startsWith("insecure: ")))
        .singleElement()
        .asString()
        .startsWith("insecure: lab-acme-example-5000 gets `tls.insecure: true`")
        .endsWith("`tidewaiter trust lab.acme.example:5000`.");
    assertThat(to.resolve("registries/lab-acme-example-5000.yaml"))
        .content()
        .contains("insecure: true");
    to = directory.resolve("again");
    JsonNode document =
        JsonMapper.shared()
            .readTree(run("--daemon-json", daemon.toString(), "--output", "json").out());
    assertThat(document.path("registries"))
        .allSatisfy(
            registry ->
                assertThat(registry.path("insecure").asBoolean())
                    .as(registry.path("name").asString())
                    .isEqualTo(registry.path("name").asString().startsWith("lab")));
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    Files.createDirectories(to);
    Files.writeString(to.resolve("mine.yaml"), "must not be lost");
    Shell.Ended ended = run();
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).startsWith(to + ": Something is there already");
    assertThat(directory.resolve("declarations.vault")).doesNotExist();
  }

  @Test
  void secretsAreNotWrittenIntoAGitRepository() throws IOException {
    Files.createDirectory(directory.resolve(".git"));
    Shell.Ended ended = run();
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("Secrets are not written into a Git repository");
    assertThat(to).doesNotExist();
  }

  @Test
  void whereThereIsNothingNothingIsWritten() throws IOException {
    Files.writeString(config, "{\"credsStore\": \"desktop\"}");
    Shell.Ended ended = run();
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out()).contains("credsStore", "Nothing was found that can be declared");
    assertThat(to).doesNotExist();
  }

  @Test
  void anUnreadableFileEndsItBeforeAnythingIsWritten() throws IOException {
    Files.writeString(config, "{\"auths\": {\"quay.io\": " + canary.value());
    Shell.Ended ended = run();
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).startsWith(config + ": The file cannot be understood.");
    canary.assertAbsentFrom(ended.err(), "the error");
    assertThat(to).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import --to x",
        "import --docker-config c",
        "import --docker-config c --to x --vault-path-prefix /secret",
        "import --docker-config c --to x --vault-path-prefix secret/../sys",
        "import --docker-config c --to x --vault-path-prefix secret/a'b",
        "import --docker-config c --to x --environment Imported",
        "import --docker-config c --to x --write-to-vault --vault-commands y",
        "import --cluster prod --to x",
        "import --kubeconfig k --cluster prod --cluster test --to x",
        "import --docker-config c --namespace shop --to x",
        "import --docker-config c --context admin --to x",
      })
  void answersWrongUsageWithTwo(String line) {
    Shell.Ended ended = Shell.run(line.split(" "));
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).isNotEmpty().doesNotContain("This is a bug");
  }

  @Test
  void writingToVaultNeedsAVault() {
    Shell.Ended ended = run("--write-to-vault");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).startsWith("--write-to-vault: No configuration names a Vault.");
    assertThat(to).doesNotExist();
  }

  private Shell.Ended run(String... more) {
    String[] arguments =
        Stream.concat(
                Stream.of("import", "--docker-config", config.toString(), "--to", to.toString()),
                Stream.of(more))
            .toArray(String[]::new);
    return Shell.run(arguments);
  }
}
