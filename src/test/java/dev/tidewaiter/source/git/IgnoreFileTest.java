package dev.tidewaiter.source.git;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.SnapshotEntry;
import dev.tidewaiter.source.SourceException;
import dev.tidewaiter.testbed.GitRepository;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IgnoreFileTest {
  private static final List<String> NAMES =
      List.of("a", "b", "ab", "bab", "a b", "-", "]", "B", "7", "*", "\\");
  private static final List<String> PARTS =
      List.of(
          "a",
          "a",
          "b",
          "b",
          "*",
          "*",
          "*",
          "?",
          "**",
          "**/",
          "/",
          "/",
          "/**",
          "!",
          "#",
          " ",
          "[ab]",
          "[!a]",
          "[^b-]",
          "[]a-]",
          "[a-z]",
          "[[:upper:]7]",
          "[[:nope:]]",
          "[\\]*]",
          "\\*",
          "\\a",
          "\\",
          "\\ ",
          ".yaml",
          ".yaml",
          ".yaml",
          "\r");

  private static boolean ignores(String lines, String path) {
    return IgnoreFile.parse(lines.getBytes(UTF_8)).ignores(path, false);
  }

  @Test
  void theLastLineThatFitsDecides() {
    assertThat(ignores("*.yaml\n!a.yaml\n", "a.yaml")).isFalse();
    assertThat(ignores("!a.yaml\n*.yaml\n", "a.yaml")).isTrue();
    assertThat(ignores("# *\n\\#x\n", "#x")).isTrue();
    assertThat(ignores("# *\n\n!\n/\n", "a")).isFalse();
  }

  @Test
  void takesWhatGitTakes(@TempDir Path temporary) throws SourceException {
    GitRepository repository = GitRepository.create(temporary);
    for (String first : NAMES) {
      for (String second : NAMES) {
        repository.write(first + ".yaml", "").write(first + "/" + second + ".yaml", "");
        repository.write("a/" + first + "/" + second + ".yaml", "");
      }
    }
    var random = new Random(7);
    try (LocalCheckout checkout = LocalCheckout.open(repository.work())) {
      for (int i = 0; i < 200; i++) {
        String lines = lines(random);
        repository.write(YamlFiles.IGNORE_FILE, lines);
        String listed =
            repository.git(
                "ls-files", "-z", "--others", "--exclude-from=" + YamlFiles.IGNORE_FILE, "*.yaml");
        assertThat(checkout.workingTree().entries())
            .as(lines)
            .extracting(SnapshotEntry::path)
            .containsExactlyInAnyOrder(
                Pattern.compile("\0")
                    .splitAsStream(listed)
                    .filter(path -> !path.isEmpty())
                    .toArray(String[]::new));
      }
    }
  }

  private static String lines(Random random) {
    var lines = new StringBuilder();
    for (int line = random.nextInt(4); line >= 0; line--) {
      for (int part = random.nextInt(5); part >= 0; part--) {
        lines.append(PARTS.get(random.nextInt(PARTS.size())));
      }
      lines.append('\n');
    }
    // Git unescapes a slash, and takes `b**/` for `b*/` or for `b` and any folders, as memory lies.
    return lines.toString().replace("\\/", "/").replaceAll("([^/\n])\\*\\*+", "$1*");
  }

  @Test
  void noPatternTakesLongerThanBothLengths() {
    String name = "a".repeat(200) + ".yaml";
    for (String pattern :
        List.of("*a".repeat(30) + "*b", "\\(a\\+\\)\\+b?", "*".repeat(60) + "b")) {
      IgnoreFile file = IgnoreFile.parse(pattern.getBytes(UTF_8));
      assertThat(file.ignores(name, false)).as(pattern).isFalse();
      assertThat(file.steps()).as(pattern).isBetween(1L, (long) pattern.length() * name.length());
    }
    IgnoreFile folders = IgnoreFile.parse("**/a/".repeat(30).concat("b").getBytes(UTF_8));
    assertThat(folders.ignores("a/".repeat(200) + "x", false)).isFalse();
    assertThat(folders.steps()).isBetween(1L, 40_000L);
  }
}
