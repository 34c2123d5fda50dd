package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloneRevisionsTest {
  @TempDir private Path directory;
  private RegistryFixture fixture;
  private String first;

  @BeforeEach
  void commitTwice() throws IOException {
    fixture = new RegistryFixture(directory);
    first = fixture.repository().head();
    fixture
        .repository()
        .write(
            "environments.yaml",
            """
            apiVersion: tidewaiter.dev/v1
            kind: Environment
            metadata: {name: production}
            spec: {registries: [lab], namespaces: {names: [shop]}}
            """)
        .commit("Drop a registry and an environment");
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void comparesCommitsOfTheBranchByAnyOfTheirNames() {
    for (String from : new String[] {first, first.substring(0, 8), "main~1", "HEAD^"}) {
      Shell.Ended diff = fixture.run("diff", "--from", from);
      assertThat(diff.err()).isEmpty();
      assertThat(diff.out())
          .contains("- registry other: other.example, Active")
          .contains("- environment: Active", "orphans");
      assertThat(diff.exitCode()).isEqualTo(1);
    }
  }

  @Test
  void comparesWithWhatIsInForceUnlessToldOtherwise() {
    assertThat(fixture.run("diff", "--to", "main").exitCode()).isZero();
    assertThat(fixture.run("diff", "--to", first).out())
        .contains("+ registry other: other.example, Active");
  }

  @Test
  void saysWhatItCannotCompare() throws IOException {
    Shell.Ended unknown = fixture.run("diff", "--from", "elsewhere");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("--checkout");
    fixture.repository().write("environments.yaml", "kind: Nothing").commit("Break it");
    Shell.Ended rejected = fixture.run("diff", "--from", first);
    assertThat(rejected.exitCode()).isEqualTo(3);
    assertThat(rejected.err()).contains("environments.yaml");
    Files.writeString(
        fixture.configuration(),
        Files.readString(fixture.configuration()).replace("file://", "file:///absent"));
    assertThat(fixture.run("diff", "--from", first).exitCode()).isEqualTo(4);
  }
}
