package dev.tidewaiter.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.plan.PlanText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One directory each: declarations, what there is on a target, and the plan as people read it.
/// Everything between them is the product's own: loading, minting, compiling, planning.
class DeclarationScenariosTest {
  private static final Path ROOT = Path.of("src/test/resources/dev/tidewaiter/reconcile/scenarios");

  @TempDir Path state;

  static List<String> scenarios() throws IOException {
    try (Stream<Path> directories = Files.list(ROOT)) {
      return directories.map(directory -> directory.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void plansAsExpected(String name) throws IOException {
    Path directory = ROOT.resolve(name);
    DeclarationScenario scenario = DeclarationScenario.read(directory, state);
    assertGolden(directory.resolve("expected-plan.txt"), PlanText.of(scenario.plan()));
    Path unsupported = directory.resolve("expected-unsupported.txt");
    assertThat(scenario.unsupported().isEmpty()).isEqualTo(Files.notExists(unsupported));
    if (Files.exists(unsupported)) {
      assertGolden(unsupported, scenario.unsupported());
    }
  }

  // `-Dgolden.update=true` writes those that are empty.
  private static void assertGolden(Path golden, String text) throws IOException {
    if (Boolean.getBoolean("golden.update") && Files.size(golden) == 0) {
      Files.writeString(golden, text);
    }
    assertThat(text).isEqualTo(Files.readString(golden));
  }

  @Test
  void thereAreEnoughOfThem() throws IOException {
    assertThat(scenarios()).hasSizeGreaterThanOrEqualTo(12);
  }
}
