package dev.tidewaiter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The state of the project's own files: their sizes, names and words.
class RepositoryTest {
  private static final Path TOP = Path.of("").toAbsolutePath();
  private static final Path MAIN = Path.of("src", "main", "java");
  private static final Path TESTS = Path.of("src", "test", "java");

  /// Top-level folders that are not the project's text.
  private static final Set<String> NOT_OURS = Set.of(".git", ".idea", ".settings", "target");

  /// Names that say what kind of class it is rather than what it is about.
  private static final Set<String> EMPTY_WORDS =
      Set.of("util", "utils", "common", "helper", "helpers", "manager", "impl", "enums");

  @Test
  void noFileIsLongerThan400Lines() throws IOException {
    for (Path root : List.of(MAIN, TESTS)) {
      assertThat(javaFiles(root)).isNotEmpty().allMatch(file -> lines(file).size() <= 400);
    }
  }

  @Test
  void everyPackageIntroducesItselfAndIsNullMarked() throws IOException {
    for (Path root : List.of(MAIN, TESTS)) {
      for (Path file : javaFiles(root)) {
        Path folder = root.relativize(file).resolveSibling("package-info.java");
        List<String> lines =
            Stream.of(MAIN.resolve(folder), TESTS.resolve(folder))
                .filter(Files::exists)
                .flatMap(info -> lines(info).stream())
                .toList();
        assertThat(lines).as(folder.toString()).contains("@NullMarked");
        assertThat(lines).as(folder.toString()).anyMatch(line -> line.startsWith("///"));
      }
    }
  }

  @Test
  void noPackageIsNamedAfterAKindOfClass() throws IOException {
    assertThat(javaFiles(MAIN))
        .allSatisfy(
            file -> {
              for (Path part : file) {
                assertThat(EMPTY_WORDS).doesNotContain(part.toString());
              }
            });
  }

  @Test
  void nothingIsLeftUnfinished() throws IOException {
    // Written apart, so that this file does not find itself.
    assertNoneContain(ours(), "\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    assertNoneContain(javaFiles(TESTS), "^\\s*@Dis" + "abled");
  }

  @Test
  void noFileNamesAPlaceOfOneMachine() throws IOException {
    String home = System.getProperty("user.home");
    String places =
        String.join("|", quote(TOP + "/"), quote(home + "/.cache"), quote(home + "/.m2"));
    assertNoneContain(ours(), places);
  }

  @Test
  void noFileNamesAPackageRegistry() throws IOException {
    String hosts = "repo1?\\.mav" + "en|proxy\\.go" + "lang|pypi\\.o" + "rg|deb\\.deb" + "ian";
    assertNoneContain(ours(), hosts);
  }

  @Test
  void productionCodeTakesNoSecretAsText() throws IOException {
    assertNoneContain(javaFiles(MAIN), "\\bString (password|token|secret)[,;)]");
  }

  @Test
  void everyCatchNamesWhatItExpects() throws IOException {
    // The top of a loop, of a thread and of the program catch bugs, so that the process stays up or
    // says so. fabric8's parser throws the exceptions of several libraries, which no type names.
    Path kubernetes = MAIN.resolve("dev/tidewaiter/target/kubernetes");
    Set<Path> excepted =
        Set.of(
            kubernetes.resolve("Follower.java"),
            kubernetes.resolve("Kubeconfig.java"),
            MAIN.resolve("dev/tidewaiter/registry/Background.java"),
            MAIN.resolve("dev/tidewaiter/target/host/HostWatch.java"));
    List<Path> others =
        javaFiles(MAIN).stream()
            .filter(file -> !file.startsWith(MAIN.resolve("dev/tidewaiter/cli")))
            .filter(file -> !file.startsWith(MAIN.resolve("dev/tidewaiter/reconcile")))
            .filter(file -> !excepted.contains(file))
            .toList();
    assertNoneContain(others, "catch \\((final )?(Exception|Throwable|RuntimeException)\\b");
  }

  @Test
  void noExceptionIsLoggedOrPrintedWithALibrarysWords() throws IOException {
    assertNoneContain(javaFiles(MAIN), "setCause\\((?!Defect\\.of\\()");
    assertNoneContain(javaFiles(MAIN), "(?<!Defect\\.of\\(thrown\\)\\.)printStack" + "Trace");
  }

  @Test
  void onlyCommandsPrint() throws IOException {
    List<Path> others =
        javaFiles(MAIN).stream()
            .filter(file -> !file.startsWith(MAIN.resolve("dev/tidewaiter/cli")))
            .toList();
    assertNoneContain(others, "System\\.(out|err)\\b");
  }

  private static void assertNoneContain(List<Path> files, String pattern) {
    var form = Pattern.compile(pattern);
    var found = new ArrayList<String>();
    for (Path file : files) {
      List<String> lines = lines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (form.matcher(lines.get(i)).find()) {
          found.add(file + ":" + (i + 1) + ": " + lines.get(i).strip());
        }
      }
    }
    assertThat(files).isNotEmpty();
    assertThat(found).isEmpty();
  }

  private static List<Path> javaFiles(Path root) throws IOException {
    return files(root, file -> file.toString().endsWith(".java"));
  }

  private static List<Path> ours() throws IOException {
    var all = new ArrayList<Path>();
    try (Stream<Path> top = Files.list(Path.of(""))) {
      for (Path entry : top.filter(path -> !NOT_OURS.contains(path.toString())).toList()) {
        all.addAll(files(entry, file -> !file.endsWith("go.sum")));
      }
    }
    return all;
  }

  private static List<Path> files(Path root, Predicate<Path> wanted) throws IOException {
    try (Stream<Path> found = Files.walk(root)) {
      return found.filter(Files::isRegularFile).filter(wanted).sorted().toList();
    }
  }

  // As Latin-1, because the corpora hold files that are no UTF-8 on purpose.
  private static List<String> lines(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String quote(String text) {
    return Pattern.quote(text);
  }
}
