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
  void saysThatHostsAreGovernedTooAndNotLookedAt() throws IOException {
    String hosts = "hosts: {selector: {matchLabels: {role: worker}}";
    fixture.change("names: [shop, cart]", "names: [shop, cart]}, " + hosts);
    assertThat(fixture.impact().out())
        .contains("warning: production governs hosts too, and what they pull is not known here.")
        .doesNotContain("staging governs hosts");
    assertThat(fixture.impact("-e", "staging").out()).doesNotContain("governs hosts");
  }

  @Test
  void judgesANamespaceByTheRulesOfAllThatClaimIt() throws IOException {
    fixture.change("names: [shop, cart]", "names: [shop, cart, trial]");
    assertThat(fixture.impact().out())
        .contains(
            """
            production on cluster/prod:
              held until approved: 1 workload would be denied, and maxDenied is 0
            """)
        .contains("denied   Deployment/trial/demo: docker.io/library/redis:7")
        .doesNotContain("staging on cluster/prod");
    assertThat(fixture.impact("-e", "production").out()).contains("Deployment/trial/demo");
    assertThat(fixture.impact("-e", "staging").out()).endsWith(", none of them affected\n");
  }

  @Test
  void whatOneEnvironmentHandsToAnotherIsNotStripped() throws IOException {
    fixture.change("registries: [mirror], policy", "registries: [mirror, quay], policy");
    fixture.change("names: [shop, cart]", "names: [shop, cart, desk]");
    fixture.change("names: [shop, cart, desk]", "names: [shop, cart]");
    assertThat(fixture.impact().out()).contains("stripped Job/desk/print");
    fixture.change("namespaces: {names: [shop, cart]}", "namespaces: {names: [shop, cart, desk]}");
    fixture.change(
        "names: [shop, cart, desk]",
        """
        names: [shop, cart]}}
        ---
        apiVersion: tidewaiter.dev/v1
        kind: Environment
        metadata: {name: office}
        spec: {registries: [quay], namespaces: {names: [desk]""");
    assertThat(fixture.impact().out()).endsWith(", none of them affected\n");
  }

  @Test
  void whatIsNotShownCountsForActivationAllTheSame() throws IOException {
    fixture.change("{maxDenied: 0}", "{maxDenied: 1}");
    String shop = fixture.impact("--from", "HEAD~2", "-n", "shop").out();
    assertThat(shop)
        .contains("held until approved: 2 workloads would be denied, and maxDenied is 1", "/2\"")
        .contains("shop/web")
        .doesNotContain("cart/store");
  }

  @ParameterizedTest
  @CsvSource({"suspend: All", "suspend: State", "driftMode: DetectOnly"})
  void saysThatAFrozenEnvironmentDeniesNothingYet(String frozen) throws IOException {
    fixture.change("{maxDenied: 0}", "{maxDenied: 2}");
    fixture.change("policy: limited, ", "policy: limited, " + frozen + ", ");
    assertThat(fixture.impact("--from", "HEAD~3", "-e", "production").out())
        .contains(
            """
            production on cluster/prod:
              frozen: nothing of it is carried out while `%s`
              activated when that ends: 2 workloads would be denied, which is allowed
            """
                .formatted(frozen));
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
  void warnsOfASnapshotFromTheFuture() throws CommandFailure {
    fixture.keep(Clock.systemUTC().instant().plus(Duration.ofMinutes(2)));
    assertThat(fixture.impact().out()).doesNotContain("warning");
    fixture.keep(Clock.systemUTC().instant().plus(Duration.ofDays(400)));
    assertThat(fixture.impact().out()).contains("warning: the snapshot is from the future");
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
