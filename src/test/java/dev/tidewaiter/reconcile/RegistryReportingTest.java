package dev.tidewaiter.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.config.Registry;
import dev.tidewaiter.desired.RegistryMaterial;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.CredentialSource;
import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.Issuance;
import dev.tidewaiter.model.Minted;
import dev.tidewaiter.model.Place;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.registry.RegistrySituation;
import dev.tidewaiter.registry.RegistrySituation.Proof;
import dev.tidewaiter.registry.TokenState;
import dev.tidewaiter.testbed.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryReportingTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Registry ECR =
      new Registry(
          "ecr-eu",
          new Place("ecr.yaml", 1, 1),
          new RegistryAddress("111122223333.dkr.ecr.eu-west-1.amazonaws.com"),
          Registry.State.ACTIVE,
          new CredentialSource.Ecr(null, null, null, null),
          new Registry.Tls(null, null, false),
          new Registry.Verify(Registry.Proof.WHEN_REACHABLE, List.of()),
          List.of());

  @Test
  void aTokenThatIsNotRefreshedIsReportedFirstAsFailedThenAsExpiring() {
    var token = token(NOW.minus(Duration.ofHours(7)));
    var failure =
        new TokenState.Failure(
            Minted.Cause.UNAVAILABLE, "AWS does not answer", NOW.minus(Duration.ofHours(1)));
    var state = new TokenState("ecr/own", token, NOW.plusSeconds(60), failure);
    RegistryReport early = report(token, state, new TreeMap<>());
    assertThat(early.conditions()).extracting(Condition::reason).containsExactly(Reason.MintFailed);
    assertThat(early.conditions().getFirst().message())
        .contains("ecr-eu", "ecr/own", "since 2026-03-01T11:00:00Z", "AWS does not answer");
    assertThat(early.expiresAt()).isEqualTo(NOW.plus(Duration.ofHours(5)));
    assertThat(early.refreshAt()).isEqualTo(NOW.plusSeconds(60));
    assertThat(early.lastFailure()).contains("AWS does not answer");

    var late = token(NOW.minus(Duration.ofHours(9)));
    assertThat(
            report(late, new TokenState("ecr/own", late, null, failure), new TreeMap<>())
                .conditions())
        .extracting(Condition::reason)
        .containsExactly(Reason.CredentialExpiring, Reason.MintFailed);
  }

  @Test
  void namesEachImageThatIsMissing() {
    var missing = new TreeMap<ImageReference, String>();
    missing.put(ImageReference.parse("quay.io/acme/base:1").orElseThrow(), "404 Not Found");
    assertThat(report(token(NOW), null, missing).conditions())
        .containsExactly(
            new Condition(
                Reason.ImageMissing,
                "registry ecr-eu (111122223333.dkr.ecr.eu-west-1.amazonaws.com):"
                    + " quay.io/acme/base:1: 404 Not Found"));
  }

  @Test
  void reportsACertificateThatEndsWithinThirtyDays(@TempDir Path directory) throws IOException {
    var ca = TestCertificates.create(directory);
    var text = new RegistryMaterial.Text.Known(Secret.of(Files.readString(ca.ca())));
    Instant end = ca.caCertificate().getNotAfter().toInstant();
    assertThat(certificate(text, end.minus(Duration.ofDays(31)))).isEmpty();
    assertThat(certificate(text, end.minus(Duration.ofDays(29))))
        .singleElement()
        .satisfies(
            condition -> {
              assertThat(condition.reason()).isEqualTo(Reason.CertificateExpiring);
              assertThat(condition.message()).contains("tls.ca", end.toString());
            });
  }

  private static List<Condition> certificate(RegistryMaterial.Text ca, Instant now) {
    var delivered = new Minted.None();
    var material = new RegistryMaterial(delivered, ca, null, null);
    var situation =
        new RegistrySituation(delivered, Proof.ANONYMOUS, "", true, new TreeMap<>(), null, null);
    return RegistryReporting.of(ECR, situation, material, now).conditions();
  }

  private static RegistryReport report(
      Credential credential,
      @Nullable TokenState state,
      SortedMap<ImageReference, String> missing) {
    var delivered = new Minted.Ready(credential);
    var situation =
        new RegistrySituation(delivered, Proof.VERIFIED, "", true, missing, state, null);
    var material = new RegistryMaterial(delivered, null, null, null);
    return RegistryReporting.of(ECR, situation, material, NOW);
  }

  private static Credential token(Instant issuedAt) {
    var issuance = new Issuance("ecr/own", issuedAt, issuedAt.plus(Duration.ofHours(12)));
    return new Credential(
        Secret.of("AWS"), Secret.of("must not be shown: a token"), null, issuance);
  }
}
