package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.GitRepository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidateCommandTest {
  private static final String QUAY = registry("quay", "quay.io");

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"text,txt", "json,json", "yaml,yaml", "markdown,md"})
  void reportsProblemsInEveryForm(String format, String suffix) throws IOException {
    Path folder = folder("Quay.io", "notes.yaml", "hello: world\n");
    Shell.Ended ended = Shell.run("validate", folder.toString(), "--output", format);
    assertThat(ended.exitCode()).isEqualTo(3);
    assertThat(ended.err()).isEmpty();
    assertThat(anonymous(ended.out(), folder)).isEqualTo(golden("problems." + suffix));
  }

  @ParameterizedTest
  @CsvSource({"text,txt", "json,json", "yaml,yaml", "markdown,md"})
  void reportsAcceptanceInEveryForm(String format, String suffix) throws IOException {
    Path folder = folder("quay.io", "README.md", "must not be read: not YAML");
    Shell.Ended ended = Shell.run("validate", folder.toString(), "--output", format);
    assertThat(ended.exitCode()).isZero();
    assertThat(anonymous(ended.out(), folder)).isEqualTo(golden("accepted." + suffix));
  }

  @Test
  void findsNoProblemInTheSample() {
    Shell.Ended ended = Shell.run("validate", "sample-config");
    assertThat(ended.exitCode()).as(ended.out()).isZero();
    assertThat(ended.out()).contains("sample-config: valid");
  }

  @Test
  void aFolderThatIsNotThereIsWrongUsage() {
    Shell.Ended ended = Shell.run("validate", directory.resolve("absent").toString());
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).startsWith(directory.resolve("absent") + ": there is no such folder");
  }

  @Test
  void anAddressThatChangedSinceTheRevisionInForceIsAProblem() {
    GitRepository repository = GitRepository.create(directory);
    repository.write("quay.yaml", QUAY).commit("In force");
    repository.write("quay.yaml", registry("quay", "quay.example")).commit("Another address");
    String work = repository.work().toString();
    assertThat(Shell.run("validate", work).exitCode()).isZero();
    Shell.Ended ended = Shell.run("validate", work, "--since", "HEAD~1");
    assertThat(ended.exitCode()).isEqualTo(3);
    assertThat(ended.out()).contains("quay.yaml:4:").contains("changed from `quay.io`");
  }

  @Test
  void seesWhatIsNotYetCommitted() {
    GitRepository repository = GitRepository.create(directory);
    repository.write("quay.yaml", QUAY).commit("In force");
    repository.write("quay.yaml", "kind: Nonsense\n");
    assertThat(Shell.run("validate", repository.work().toString()).exitCode()).isEqualTo(3);
  }

  @Test
  void sinceNeedsARevisionThatIsThereAndWasAccepted() {
    GitRepository repository = GitRepository.create(directory);
    repository.write("quay.yaml", "kind: Nonsense\n").commit("Never in force");
    repository.write("quay.yaml", QUAY).commit("Good");
    String work = repository.work().toString();
    Shell.Ended unknown = Shell.run("validate", work, "--since", "no-such-branch");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("no-such-branch");
    Shell.Ended rejected = Shell.run("validate", work, "--since", "HEAD~1");
    assertThat(rejected.exitCode()).isEqualTo(2);
    assertThat(rejected.err()).startsWith("--since HEAD~1: ").contains("quay.yaml:1");
  }

  @Test
  void sinceNeedsARepository() throws IOException {
    Path folder = folder("quay.io", "README.md", "");
    Shell.Ended ended = Shell.run("validate", folder.toString(), "--since", "main");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("is in no Git repository");
  }

  @Test
  void theRegistryThatWasAddedLastSupersedesTheOther() {
    GitRepository repository = twoQuays();
    Shell.Ended ended = Shell.run("validate", repository.work().toString());
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out()).contains("note: ").contains("superseded");
  }

  @Test
  void onAShallowCloneTheOrderIsUnknown() {
    GitRepository repository = twoQuays();
    Path shallow = directory.resolve("shallow");
    repository.git(
        "clone", "--quiet", "--depth", "1", repository.url().toString(), shallow.toString());
    Shell.Ended ended = Shell.run("validate", shallow.toString());
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out()).contains("note: ").contains("shallow").doesNotContain("superseded");
  }

  @Test
  void checksWhatADaemonLetsDeclarationsReferTo() throws IOException {
    Path folder = folder("quay.io", "README.md", "");
    Files.writeString(
        folder.resolve("quay.yaml"),
        """
        apiVersion: tidewaiter.dev/v1
        kind: Registry
        metadata: {name: quay}
        spec:
          address: quay.io
          credential:
            basic: {username: u, password: {vault: {path: elsewhere/quay, key: password}}}
        ---
        apiVersion: tidewaiter.dev/v1
        kind: Environment
        metadata: {name: production}
        spec: {registries: [quay], namespaces: {names: [shop]}}
        """);
    Path daemon = Path.of("src/test/resources/dev/tidewaiter/config/corpus/daemon/valid-full.yaml");
    assertThat(Shell.run("validate", folder.toString()).exitCode()).isZero();
    Shell.Ended ended = Shell.run("validate", folder.toString(), "--config", daemon.toString());
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(3);
    assertThat(ended.out()).contains("quay.yaml:").contains("elsewhere/quay");
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void endsOverAnIgnoreFileMadeToTakeLong() throws IOException {
    Path folder = folder("quay.io", "a".repeat(100) + ".txt.yaml", "hello: world\n");
    Files.writeString(
        folder.resolve(".tidewaiterignore"), "*a".repeat(9) + "*b.yaml\n\\(a\\+\\)\\+b?\n");
    Shell.Ended ended = Shell.run("validate", folder.toString());
    assertThat(ended.exitCode()).isEqualTo(3);
    assertThat(ended.out()).contains(".txt.yaml:1");
  }

  @Test
  void aWrongConfigurationIsWrongUsage() throws IOException {
    Path folder = folder("quay.io", "README.md", "");
    Shell.Ended ended =
        Shell.run(
            "validate", folder.toString(), "--config", folder.resolve("quay.yaml").toString());
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).startsWith(folder.resolve("quay.yaml") + ":");
  }

  private GitRepository twoQuays() {
    GitRepository repository = GitRepository.create(directory);
    repository.write("old.yaml", registry("old", "quay.io")).commit("First");
    repository
        .write("new.yaml", registry("new", "quay.io"))
        .write(
            "environment.yaml",
            """
            apiVersion: tidewaiter.dev/v1
            kind: Environment
            metadata: {name: production}
            spec: {registries: [old, new], namespaces: {names: [shop]}}
            """)
        .commit("Second");
    return repository;
  }

  private Path folder(String address, String other, String content) throws IOException {
    Path folder = Files.createDirectories(directory.resolve("declarations"));
    Files.writeString(folder.resolve("quay.yaml"), registry("quay", address));
    Files.writeString(folder.resolve(other), content);
    return folder;
  }

  private static String registry(String name, String address) {
    return """
    apiVersion: tidewaiter.dev/v1
    kind: Registry
    metadata: {name: %s}
    spec: {address: "%s", credential: {anonymous: {}}}
    """
        .formatted(name, address);
  }

  private static String anonymous(String text, Path folder) {
    return text.replace(folder.toString(), "DECLARATIONS");
  }

  private static String golden(String name) throws IOException {
    try (@Nullable InputStream file =
        ValidateCommandTest.class.getResourceAsStream("validate/" + name)) {
      return file == null ? "" : new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
