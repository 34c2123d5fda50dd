package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.GitRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RevisionDiffTest {
  private static final String REGISTRIES =
      """
      apiVersion: tidewaiter.dev/v1
      kind: Registry
      metadata: {name: quay}
      spec:
        address: quay.io
        credential: {basic: {username: acme, password: {vault: {path: secret/quay, key: password}}}}
      ---
      apiVersion: tidewaiter.dev/v1
      kind: Registry
      metadata: {name: hub}
      spec: {address: docker.io, credential: {anonymous: {}}}
      ---
      apiVersion: tidewaiter.dev/v1
      kind: Registry
      metadata: {name: mirror}
      spec: {address: mirror.example, credential: {anonymous: {}}}
      """;

  private static final String ENVIRONMENTS =
      """
      apiVersion: tidewaiter.dev/v1
      kind: RegistryPolicy
      metadata: {name: limited}
      spec:
        allowedRegistries: [quay.io/acme, docker.io]
      ---
      apiVersion: tidewaiter.dev/v1
      kind: Environment
      metadata: {name: production}
      spec:
        registries: [quay, hub]
        policy: limited
        namespaces: {names: [shop, cart]}
      ---
      apiVersion: tidewaiter.dev/v1
      kind: Environment
      metadata: {name: staging}
      spec: {registries: [hub], namespaces: {selector: {matchLabels: {stage: test}}}}
      """;

  @TempDir private Path directory;
  private GitRepository repository;

  @BeforeEach
  void commitBothRevisions() {
    repository = GitRepository.create(directory);
    repository
        .write("registries.yaml", REGISTRIES)
        .write("environments.yaml", ENVIRONMENTS)
        .commit("Limit production");
    repository.tag("before");
    repository
        .write(
            "registries.yaml",
            REGISTRIES.replace("address: quay.io\n", "address: quay.io\n  state: Inactive\n"))
        .write(
            "environments.yaml",
            ENVIRONMENTS
                .replace(
                    "[quay.io/acme, docker.io]",
                    "[mirror.example]\n  defaultRegistry: mirror.example/hub")
                .replace("registries: [quay, hub]", "registries: [quay, hub, mirror]")
                .replace("[shop, cart]", "[shop, desk], exclude: [old]")
                .replace("  policy: limited", "  policy: limited\n  pullSecret: {name: pulls}")
                .replace(
                    "metadata: {name: staging}\nspec: {",
                    "metadata: {name: staging}\nspec: {state: Retired, "))
        .commit("Move to the mirror");
  }

  @ParameterizedTest
  @CsvSource({"TEXT,txt", "JSON,json", "YAML,yaml", "MARKDOWN,md"})
  void showsWhatChangesAndWhatIsAtRisk(OutputFormat format, String suffix) throws IOException {
    Shell.Ended diff = diff("--from", "before", "--to", "HEAD", "-o", format.toString());
    assertThat(diff.err()).isEmpty();
    String shown =
        diff.out()
            .replace(repository.git("rev-parse", "before^{commit}").strip(), "BEFORE")
            .replace(repository.head(), "AFTER")
            .replace(repository.git("rev-parse", "--short=12", "before^{commit}").strip(), "BEFORE")
            .replace(repository.head().substring(0, 12), "AFTER");
    Golden.assertEqual("diff/revisions." + suffix, shown);
    assertThat(diff.exitCode()).isEqualTo(1);
  }

  @Test
  void comparesTheFilesAsTheyAreWithWhatIsCheckedOut() throws IOException {
    assertThat(diff().exitCode()).isZero();
    Files.writeString(
        repository.work().resolve("environments.yaml"),
        ENVIRONMENTS.replace("  policy: limited\n", ""));
    Shell.Ended diff = diff("--environment", "production");
    assertThat(diff.out())
        .contains("- allow-list: limited", "! Weakening: images of every registry are admitted")
        .doesNotContain("staging");
    assertThat(diff.exitCode()).isEqualTo(1);
  }

  @Test
  void tellsTextsApartThatStringHashesAlike() {
    assertThat("Aa").hasSameHashCodeAs("BB");
    assertThat(DeclaredFacts.digest("Aa")).hasSize(32).isNotEqualTo(DeclaredFacts.digest("BB"));
  }

  @ParameterizedTest
  @CsvSource({
    "ca: {file: /run/a.pem},ca: {file: /run/b.pem},Trust",
    "insecure: false,ca: {file: /run/b.pem},Trust",
    "ca: {file: /run/a.pem},insecure: false,Withdrawal",
    "ca: {file: /run/a.pem},insecure: true,Weakening",
  })
  void marksThatHostsTrustAnother(String was, String is, String mark) throws IOException {
    String tls = REGISTRIES.replace("address: quay.io\n", "address: quay.io\n  tls: {%s}\n");
    repository
        .write("environments.yaml", ENVIRONMENTS)
        .write("registries.yaml", tls.formatted(was))
        .commit("Trust");
    Files.writeString(repository.work().resolve("registries.yaml"), tls.formatted(is));
    Shell.Ended diff = diff("-e", "production");
    assertThat(diff.err()).isEmpty();
    assertThat(diff.out()).contains("trust of quay").contains("! " + mark + ": hosts ");
    assertThat(diff.exitCode()).isEqualTo(1);
  }

  @Test
  void refusesARevisionWithProblemsOrOfWhichNothingIsKnown() {
    repository.write("environments.yaml", ENVIRONMENTS.replace("policy: limited", "policy: gone"));
    Shell.Ended rejected = diff();
    assertThat(rejected.exitCode()).isEqualTo(3);
    assertThat(rejected.err()).contains("environments.yaml:").contains("gone");
    assertThat(diff("--from", "nowhere").exitCode()).isEqualTo(2);
    assertThat(diff("--from", "before", "--to", "HEAD", "-e", "nobody").exitCode()).isEqualTo(2);
  }

  private Shell.Ended diff(String... more) {
    String[] arguments = new String[more.length + 3];
    arguments[0] = "diff";
    arguments[1] = "--checkout";
    arguments[2] = repository.work().toString();
    System.arraycopy(more, 0, arguments, 3, more.length);
    return Shell.run(arguments);
  }
}
