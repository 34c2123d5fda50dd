package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.intake.layout.NewRepository;
import dev.tidewaiter.testbed.GitRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class InitCommandTest {
  @TempDir private Path directory;

  @Test
  void whatItLaysOutIsAccepted() throws IOException {
    Path folder = directory.resolve("new");
    Shell.Ended ended = Shell.run("init", folder.toString());
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(files(folder)).containsExactlyElementsOf(NewRepository.files());
    Shell.Ended validated = Shell.run("validate", folder.toString());
    assertThat(validated.out()).isEqualTo("4 files in " + folder + ": valid\n");
    assertThat(Shell.run("init", directory.resolve("other").toString()).out())
        .contains(NewRepository.files());
  }

  @Test
  void aPullRequestCanBeCheckedAgainstIt() throws IOException {
    GitRepository repository = GitRepository.create(directory);
    Path work = repository.work();
    assertThat(Shell.run("init", work.toString()).exitCode()).isZero();
    repository.git("-C", work.toString(), "add", "--all");
    repository.commit("Lay out");
    Files.writeString(
        work.resolve("registries/private.yaml"),
        Files.readString(work.resolve("registries/private.yaml"))
            .replace("registry.acme.example:5000", "other.acme.example"));
    Shell.Ended ended = Shell.run("validate", "--since", "HEAD", work.toString());
    assertThat(ended.exitCode()).isEqualTo(3);
    assertThat(ended.out()).contains("registries/private.yaml").contains("changed from");
  }

  @Test
  void editorsFindTheSchemas() throws IOException {
    assertThat(Shell.run("init", directory.toString()).exitCode()).isZero();
    int hints = 0;
    for (String path : NewRepository.files()) {
      String first = Files.readString(directory.resolve(path)).lines().findFirst().orElseThrow();
      if (first.startsWith("# yaml-language-server: $schema=")) {
        Path file = directory.resolve(path).resolveSibling(first.substring(first.indexOf('=') + 1));
        assertThat(file).exists();
        assertThat(Files.readString(file))
            .isEqualTo(Files.readString(Path.of("schema").resolve(file.getFileName())));
        hints++;
      }
    }
    assertThat(hints).isEqualTo(4);
  }

  @Test
  void theChecksOfPullRequestsAreYamlThatValidates() throws IOException {
    assertThat(Shell.run("init", directory.toString()).exitCode()).isZero();
    for (String path : List.of(".github/workflows/validate.yaml", ".gitlab-ci.yml")) {
      String text = Files.readString(directory.resolve(path));
      assertThat(new Load(LoadSettings.builder().build()).loadFromString(text)).isNotNull();
      assertThat(text).containsPattern("bin/tidewaiter\"? validate --since");
    }
  }

  @Test
  void refusesWithTheListOfWhatIsThereAndWritesNothing() throws IOException {
    Files.createDirectories(directory.resolve("registries"));
    Files.writeString(directory.resolve("registries/private.yaml"), "must not be overwritten");
    Files.createSymbolicLink(directory.resolve(".gitlab-ci.yml"), Path.of("nowhere"));
    Shell.Ended ended = Shell.run("init", directory.toString());
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .isEqualTo(
            """
            %s: These files are there already, and none is overwritten: .gitlab-ci.yml, registries/private.yaml.
              Move them, or name another directory.
            """
                .formatted(directory));
    assertThat(Files.readString(directory.resolve("registries/private.yaml")))
        .isEqualTo("must not be overwritten");
    assertThat(files(directory)).containsExactly("registries/private.yaml");
  }

  @Test
  void theReadmeOfANewRepositoryStaysAsItIs() throws IOException {
    Path readme = Files.writeString(directory.resolve("README.md"), "# must not be overwritten");
    Shell.Ended ended = Shell.run("init", directory.toString());
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains("README.md is there already and stays as it is;")
        .doesNotContain("README.md\n");
    assertThat(readme).hasContent("# must not be overwritten");
    assertThat(files(directory)).containsExactlyElementsOf(NewRepository.files());
  }

  @Test
  void theReadmeOfAnotherStaysAlsoIfTheRestCannotBeCreated() throws IOException {
    Path readme = Files.writeString(directory.resolve("README.md"), "# must not be deleted");
    Files.writeString(directory.resolve("schema"), "a file where a folder should be");
    assertThat(Shell.run("init", directory.toString()).exitCode()).isEqualTo(2);
    assertThat(readme).hasContent("# must not be deleted");
  }

  @Test
  void whatItCreatedGoesAgainIfTheRestCannotBe() throws IOException {
    Files.writeString(directory.resolve("schema"), "a file where a folder should be");
    Shell.Ended ended = Shell.run("init", directory.toString());
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).startsWith(directory + ": The files cannot be created");
    assertThat(files(directory)).containsExactly("schema");
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
