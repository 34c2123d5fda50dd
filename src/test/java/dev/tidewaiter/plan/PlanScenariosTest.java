package dev.tidewaiter.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One directory each: what is desired and observed, and the plan as people read it.
class PlanScenariosTest {
  static List<String> scenarios() throws IOException, URISyntaxException {
    try (Stream<Path> directories = Files.list(root())) {
      return directories.map(directory -> directory.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void plansAsExpected(String name) throws IOException, URISyntaxException {
    Path directory = root().resolve(name);
    Plan plan = Scenario.read(directory).plan();
    assertThat(PlanText.of(plan))
        .isEqualTo(Files.readString(directory.resolve("expected-plan.txt")));
  }

  @Test
  void thereAreEnoughOfThem() throws IOException, URISyntaxException {
    assertThat(scenarios()).hasSizeGreaterThanOrEqualTo(15);
  }

  private static Path root() throws URISyntaxException {
    URL url = PlanScenariosTest.class.getResource("scenarios");
    assertThat(url).isNotNull();
    return Path.of(url == null ? URI.create("file:/absent") : url.toURI());
  }
}
