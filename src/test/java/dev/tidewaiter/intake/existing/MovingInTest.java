package dev.tidewaiter.intake.existing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.YamlTree;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.secrets.SecretWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MovingInTest {
  private static final Drafting.Terms TERMS = new Drafting.Terms("secret/registries", "imported");
  private static final Proposal PROPOSAL =
      Drafting.of(
          List.of(
              DraftingTest.login("shop", "quay.io", "must-not-be-in-git"),
              DraftingTest.login("shop", "docker.io", "must-not-be-in-git"),
              new Found.Trust(
                  Origin.ofFile("daemon.json"),
                  new RegistryAddress("lab.acme.example:5000"),
                  new TlsDraft("", null, true))),
          TERMS);

  @TempDir private Path directory;

  private Path declarations;
  private Path commands;

  @BeforeEach
  void choosePlaces() {
    declarations = directory.resolve("config");
    commands = directory.resolve("secrets");
  }

  @Test
  void writesDeclarationsAndTheCommandsThatOnlyTheOwnerReads() throws IOException {
    MovingIn.Ended ended = script().carryOut(PROPOSAL);
    assertThat(ended).isInstanceOf(MovingIn.Ended.Done.class);
    assertThat(files(declarations))
        .containsExactly(
            "environments/imported.yaml",
            "registries/docker-hub.yaml",
            "registries/lab-acme-example-5000.yaml",
            "registries/quay-io.yaml");
    for (String file : files(declarations)) {
      assertThat(Files.readString(declarations.resolve(file))).doesNotContain("must-not-be-in-git");
    }
    assertThat(files(commands))
        .containsExactly("docker-hub.json", "quay-io.json", "write-to-vault.sh");
    assertThat(mode(commands)).isEqualTo("rwx------");
    assertThat(mode(commands.resolve("quay-io.json"))).isEqualTo("rw-------");
    assertThat(mode(commands.resolve("write-to-vault.sh"))).isEqualTo("rwx------");
    assertThat(Files.readString(commands.resolve("quay-io.json")))
        .isEqualTo("{\"password\":\"must-not-be-in-git\"}\n");
    assertThat(Files.readString(commands.resolve("write-to-vault.sh")))
        .contains("put 'secret/registries/quay-io' quay-io.json\n")
        .doesNotContain("must-not-be-in-git");
    assertThat(children()).containsExactly("config", "secrets");
  }

  @Test
  void saysWhatTheDaemonHasToAllow() throws IOException {
    assertThat(script().carryOut(PROPOSAL))
        .isInstanceOfSatisfying(
            MovingIn.Ended.Done.class,
            done ->
                assertThat(done.settings())
                    .isEqualTo(
                        """
                        vault:
                          allowedPaths:
                          - path: secret/registries/docker-hub
                            addresses:
                            - docker.io
                            environments:
                            - imported
                          - path: secret/registries/quay-io
                            addresses:
                            - quay.io
                            environments:
                            - imported
                        """));
  }

  @Test
  void theScriptHandsVaultNoSecretOnItsCommandLine() throws IOException, InterruptedException {
    script().carryOut(PROPOSAL);
    Path log = directory.resolve("asked");
    var builder =
        withVault(
            "[ \"$2\" = get ] && { echo \"No value found at $3\" >&2; exit 2; }\necho \"$@\" >> '%1$s'\ncat \"${5#@}\" >> '%1$s'\n"
                .formatted(log));
    assertThat(builder.start().waitFor()).isZero();
    assertThat(Files.readAllLines(log))
        .containsExactly(
            "kv put -cas=0 secret/registries/docker-hub @docker-hub.json",
            "{\"password\":\"must-not-be-in-git\"}",
            "kv put -cas=0 secret/registries/quay-io @quay-io.json",
            "{\"password\":\"must-not-be-in-git\"}");
  }

  @Test
  void theScriptLeavesWhatIsThereAndTellsWhatWasNotWritten()
      throws IOException, InterruptedException {
    script().carryOut(PROPOSAL);
    Path err = directory.resolve("err");
    var builder =
        withVault(
            "case \"$*\" in *get*quay*) echo must-not-be-shown;;"
                + " *) echo permission denied >&2; exit 2;; esac\n");
    assertThat(builder.redirectError(err.toFile()).start().waitFor()).isOne();
    assertThat(Files.readString(err))
        .isEqualTo(
            """
            not written, since it cannot be read: secret/registries/docker-hub
            something is there already: secret/registries/quay-io
            """);
  }

  /// The script, with another program in the place of Vault's.
  private ProcessBuilder withVault(String program) throws IOException {
    Path vault = Files.createDirectory(directory.resolve("bin")).resolve("vault");
    Files.writeString(vault, "#!/bin/sh\n" + program);
    Files.setPosixFilePermissions(vault, PosixFilePermissions.fromString("rwx------"));
    var builder = new ProcessBuilder(commands.resolve("write-to-vault.sh").toString());
    builder.environment().put("PATH", directory.resolve("bin") + ":" + System.getenv("PATH"));
    return builder.inheritIO();
  }

  @Test
  void nothingIsWrittenWhereSomethingIs() throws IOException {
    Files.createDirectory(commands);
    Files.writeString(commands.resolve("mine"), "must not be lost");
    assertThat(script().carryOut(PROPOSAL)).isEqualTo(new MovingIn.Ended.Taken(commands));
    Files.delete(commands.resolve("mine"));
    Files.writeString(declarations, "a file");
    assertThat(script().carryOut(PROPOSAL)).isEqualTo(new MovingIn.Ended.Taken(declarations));
    Files.delete(declarations);
    Files.createSymbolicLink(declarations, commands);
    assertThat(script().carryOut(PROPOSAL)).isEqualTo(new MovingIn.Ended.Taken(declarations));
    assertThat(files(commands)).isEmpty();
    assertThat(children()).containsExactly("config", "secrets");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "123",
        "true",
        "null",
        "~",
        "1e3",
        "0x1f",
        "- a",
        "@x",
        "`x",
        "a: b",
        "# c",
        " spaced ",
        "\"q\"",
        "it's",
        "ü€",
        "{{x}}",
        "&a",
        "*a",
        "!t",
        "%d",
        "<<",
        "robot$acme+puller",
        "a\\b"
      })
  void aUserNameIsWrittenAsTheTextThatItIs(String username) throws IOException {
    var draft = new CredentialDraft.Basic(username, Secret.of("x"), null);
    var login =
        new Found.Login(
            Origin.ofSecret("", "404", "regcred"), new RegistryAddress("quay.io"), draft);
    assertThat(script().carryOut(Drafting.of(List.of(login), TERMS)))
        .isInstanceOf(MovingIn.Ended.Done.class);
    byte[] registry = Files.readAllBytes(declarations.resolve("registries/quay-io.yaml"));
    byte[] environment = Files.readAllBytes(declarations.resolve("environments/imported.yaml"));
    assertThat(YamlTree.of(registry).orElseThrow().at("/spec/credential/basic/username").asString())
        .isEqualTo(username);
    assertThat(YamlTree.of(environment).orElseThrow().at("/spec/namespaces/names/0").asString())
        .isEqualTo("404");
  }

  @Test
  void anEmptyDirectoryIsFree() throws IOException {
    Files.createDirectory(declarations);
    Files.createDirectory(commands);
    assertThat(script().carryOut(PROPOSAL)).isInstanceOf(MovingIn.Ended.Done.class);
    assertThat(mode(commands)).isEqualTo("rwx------");
    assertThat(files(declarations)).hasSize(4);
  }

  @Test
  void whatTheLoaderRejectsIsNotWritten() throws IOException {
    Proposal broken =
        Drafting.of(
            List.of(DraftingTest.login("shop", "quay.io", "x")),
            new Drafting.Terms("secret//registries", "imported"));
    assertThat(script().carryOut(broken)).isInstanceOf(MovingIn.Ended.Rejected.class);
    assertThat(children()).isEmpty();
  }

  @Test
  void writesToVaultInsteadOfAScript() throws IOException {
    var vault = new InMemoryVault();
    MovingIn.Ended ended = direct(vault).carryOut(PROPOSAL);
    assertThat(vault.content)
        .containsOnlyKeys("secret/registries/docker-hub", "secret/registries/quay-io");
    assertThat(ended)
        .isInstanceOfSatisfying(
            MovingIn.Ended.Done.class, done -> assertThat(done.hasConflict()).isFalse());
    assertThat(children()).containsExactly("config");
  }

  @Test
  void aDifferentValueInVaultStaysAndIsToldOf() throws IOException {
    var vault = new InMemoryVault();
    var other = new TreeMap<>(Map.of("password", Secret.of("must not be overwritten")));
    vault.content.put("secret/registries/quay-io", other);
    assertThat(direct(vault).carryOut(PROPOSAL))
        .isInstanceOfSatisfying(
            MovingIn.Ended.Done.class, done -> assertThat(done.hasConflict()).isTrue());
    assertThat(vault.content).containsEntry("secret/registries/quay-io", other);
    assertThat(files(declarations)).hasSize(4);
  }

  @Test
  void withoutVaultNoFileIsWrittenAndAgainItSucceeds() throws IOException {
    var vault = new InMemoryVault();
    vault.refused = "secret/registries/quay-io";
    assertThat(direct(vault).carryOut(PROPOSAL))
        .isEqualTo(new MovingIn.Ended.VaultFailed(List.of("secret/registries/quay-io: refused.")));
    assertThat(children()).isEmpty();
    vault.refused = "";
    assertThat(direct(vault).carryOut(PROPOSAL)).isInstanceOf(MovingIn.Ended.Done.class);
    assertThat(vault.content).hasSize(2);
  }

  /// A Vault that keeps what it has.
  private static final class InMemoryVault implements SecretWriter {
    private final Map<String, SortedMap<String, Secret>> content = new HashMap<>();
    private String refused = "";

    @Override
    public Written write(String path, SortedMap<String, Secret> values) {
      if (path.equals(refused)) {
        return new Written.Failed(path + ": refused.");
      }
      SortedMap<String, Secret> there = content.putIfAbsent(path, values);
      if (there == null) {
        return new Written.New();
      }
      return there.equals(values) ? new Written.Same() : new Written.Different(path + ": differs.");
    }
  }

  private MovingIn script() {
    return new MovingIn(new MovingIn.Places(declarations, commands), null);
  }

  private MovingIn direct(SecretWriter vault) {
    return new MovingIn(new MovingIn.Places(declarations, null), vault);
  }

  private List<String> children() throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
