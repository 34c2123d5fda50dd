package dev.tidewaiter.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every file of the corpus is accepted (`valid-`) or refused with exactly the text beside it
/// (`invalid-`). `-Dgolden.update=true` writes those texts anew.
class SchemaCorpusTest {
  private static final Path CORPUS = Path.of("src/test/resources/dev/tidewaiter/config/corpus");

  static Stream<Path> valid() throws IOException {
    return files("valid-", ".yaml");
  }

  static Stream<Path> invalid() throws IOException {
    return files("invalid-", ".yaml");
  }

  private static Stream<Path> files(String prefix, String suffix) throws IOException {
    try (Stream<Path> all = Files.walk(CORPUS)) {
      return all
          .filter(p -> p.getFileName().toString().startsWith(prefix))
          .filter(p -> p.toString().endsWith(suffix))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("valid")
  void acceptsWhatIsValid(Path file) throws IOException {
    assertThat(problems(file)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void refusesWhatIsInvalidWithItsMessage(Path file) throws IOException {
    String text = problems(file).stream().map(p -> p + "\n").collect(Collectors.joining());
    Path golden = expectation(file);
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(golden, text);
    }
    assertThat(text).isNotEmpty().isEqualTo(Files.readString(golden));
  }

  @Test
  void neverQuotesWhatMayBeASecret() throws IOException {
    for (Path file : invalid().toList()) {
      assertThat(Files.readString(expectation(file)))
          .as(file.toString())
          .doesNotContain("must-not-be-quoted", "bXVzdCBub3QgYmUgcXVvdGVk", "98765");
    }
  }

  @Test
  void hasAFileForEveryExpectation() throws IOException {
    List<Path> expectations = files("invalid-", ".txt").toList();
    assertThat(expectations).hasSizeGreaterThan(100).hasSameSizeAs(invalid().toList());
  }

  private static Path expectation(Path file) {
    return file.resolveSibling(file.getFileName().toString().replace(".yaml", ".txt"));
  }

  private static List<Problem> problems(Path file) throws IOException {
    if (CORPUS.relativize(file).startsWith("daemon")) {
      return switch (new DaemonConfigurationLoader(Path.of("/state")).load(file)) {
        case LoadedConfiguration.Accepted _ -> List.of();
        case LoadedConfiguration.Rejected(List<Problem> problems) ->
            problems.stream().map(p -> Trees.renamed(p, file.getFileName().toString())).toList();
      };
    }
    var snapshot = Trees.of(file.getFileName().toString(), Files.readAllBytes(file));
    var context = LoadContext.applying(null, AdditionOrder.unknown());
    return switch (new DeclarationLoader().load(snapshot, context)) {
      case Loaded.Accepted(Declarations declarations, _) ->
          CORPUS.relativize(file).startsWith("bindings")
              ? Bindings.check(declarations, daemonBeside(file))
              : List.of();
      case Loaded.Rejected(List<Problem> problems) -> problems;
    };
  }

  /// The daemon that is asked whether declarations may do what they do.
  private static DaemonConfiguration daemonBeside(Path file) {
    Path daemon = file.resolveSibling("tidewaiter.yaml");
    return switch (new DaemonConfigurationLoader(Path.of("/state")).load(daemon)) {
      case LoadedConfiguration.Accepted accepted -> accepted.configuration();
      case LoadedConfiguration.Rejected(List<Problem> problems) ->
          throw new AssertionError(problems.toString());
    };
  }
}
