package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImpactCommandTest {
  @TempDir private Path directory;
  private ImpactFixture fixture;

  @BeforeEach
  void limitAnEnvironment() throws CommandFailure {
    fixture = new ImpactFixture(directory);
    fixture.keep(Clock.systemUTC().instant());
  }

  @ParameterizedTest
  @CsvSource({"TEXT,txt", "JSON,json", "YAML,yaml", "MARKDOWN,md"})
  void showsWhatIsDeniedMovedAndStrippedOfACredential(OutputFormat format, String suffix)
      throws IOException {
    Shell.Ended impact = fixture.impact("-o", format.toString());
    assertThat(impact.err()).isEmpty();
    Golden.assertEqual("impact/limited." + suffix, normal(impact.out()));
    assertThat(impact.exitCode()).isZero();
  }

  private String normal(String output) {
    var repository = fixture.repository();
    String before = repository.git("rev-parse", "HEAD~1").strip();
    String after = repository.head();
    return output
        .replace(before, "BEFORE")
        .replace(after, "AFTER")
        .replace(before.substring(0, 12), "BEFORE")
        .replace(after.substring(0, 12), "AFTER")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:]+Z", "TIME");
  }

  @Test
  void narrowsToAnEnvironmentOrANamespace() {
    assertThat(fixture.impact("-e", "staging").out())
        .contains("Deployment/trial/demo")
        .doesNotContain("shop");
    assertThat(fixture.impact("-n", "cart").out())
        .contains("StatefulSet/cart/store")
        .doesNotContain("shop/web", "trial");
    assertThat(fixture.impact("-n", "nowhere").exitCode()).isEqualTo(2);
    assertThat(fixture.impact("-e", "nowhere").exitCode()).isEqualTo(2);
  }

  @Test
  void anApprovalInGitIsSeen() throws IOException {
    String shown = fixture.impact("-e", "production").out();
    String approval = shown.replaceFirst("(?s).*approve: \"([^\"]+)\".*", "$1");
    fixture
        .repository()
        .write(
            "environments.yaml",
            Files.readString(fixture.repository().work().resolve("environments.yaml"))
                .replace("{maxDenied: 0}", "{maxDenied: 0, approve: \"" + approval + "\"}"))
        .commit("Approve");
    fixture.repository().git("tag", "approved");
    Shell.Ended impact =
        Shell.run(
            "impact",
            "--checkout",
            fixture.repository().work().toString(),
            "--from",
            "HEAD~2",
            "--snapshot",
            fixture.file().toString());
    assertThat(impact.out()).contains("activated at once: 2 workloads").doesNotContain("held");
  }

  @Test
  void warnsOfAnOldSnapshotAndRefusesABrokenOne() throws CommandFailure {
    assertThat(fixture.impact().out()).doesNotContain("warning");
    fixture.keep(Clock.systemUTC().instant().minus(Duration.ofHours(25)));
    assertThat(fixture.impact().out()).contains("warning: the snapshot is 25 hours old");
  }

  @Test
  void nothingIsStrippedByADeclarationThatIsGone() {
    fixture
        .repository()
        .write(
            "environments.yaml",
            """
            apiVersion: tidewaiter.dev/v1
            kind: Environment
            metadata: {name: staging}
            spec: {registries: [quay], namespaces: {selector: {matchLabels: {stage: test}}}}
            """)
        .commit("Delete production, and forget to retire it");
    assertThat(fixture.impact("-e", "production").out()).endsWith(", none of them affected\n");
  }

  @Test
  void nothingIsAffectedByNoChange() {
    Shell.Ended impact =
        Shell.run(
            "impact",
            "--checkout",
            fixture.repository().work().toString(),
            "--snapshot",
            fixture.file().toString());
    assertThat(impact.out()).endsWith(", none of them affected\n");
  }
}
