package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.intake.trust.CertificateFacts;
import dev.tidewaiter.intake.trust.ChainReport;
import dev.tidewaiter.intake.trust.ChainReport.Completeness;
import dev.tidewaiter.intake.trust.Endpoint;
import dev.tidewaiter.model.RegistryAddress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustOutputTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "PT1H, expires within a day",
    "PT30H, expires in 1 day",
    "P12D, expires in 12 days",
    "PT-1H, expired today",
    "PT-30H, expired 1 day ago",
    "P-12D, expired 12 days ago",
  })
  void saysHowLongACertificateLives(Duration left, String words) {
    assertThat(text(report(Completeness.COMPLETE, left, true, true))).contains(", " + words + "\n");
  }

  @Test
  void warnsOfAHighestCertificateThatHasExpired() {
    assertThat(text(report(Completeness.COMPLETE, Duration.ofDays(-1), true, true)))
        .contains("The highest certificate has expired");
    assertThat(text(report(Completeness.COMPLETE, Duration.ofDays(1), true, true)))
        .doesNotContain("The highest certificate has expired");
  }

  @Test
  void saysThatTheAuthorityIsNotInTheChain() {
    assertThat(text(report(Completeness.WITHOUT_ROOT, Duration.ofDays(1), true, true)))
        .contains("The authority is not in the chain", "signed by `CN=issuer`");
  }

  @Test
  void saysWhatIsDoubtful() {
    assertThat(text(report(Completeness.SELF_SIGNED, Duration.ofDays(1), false, false)))
        .contains(
            "certificate signs itself",
            "is not for `registry.acme.example`",
            "does not accept it for this host",
            "has not shown that it has the private key",
            "Compare the SHA-256 fingerprint");
  }

  @Test
  void saysThatNothingIsNeededWhereTheSystemTrustsAlready() {
    assertThat(text(report(Completeness.COMPLETE, Duration.ofDays(1), true, true)))
        .contains("(a store) accepts it for this host", "No `tls.ca` is needed");
  }

  private static String text(ChainReport report) {
    var text = new StringWriter();
    TrustOutput.print(report, NOW, DocumentFormat.TEXT, new PrintWriter(text));
    return text.toString();
  }

  private static ChainReport report(
      Completeness completeness, Duration left, boolean matches, boolean proven) {
    var facts =
        new CertificateFacts(
            "CN=subject",
            "CN=issuer",
            List.of("registry.acme.example"),
            NOW.minus(Duration.ofDays(100)),
            NOW.plus(left),
            "AB:CD",
            "EC 256",
            true,
            completeness != Completeness.WITHOUT_ROOT,
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    return new ChainReport(
        new Endpoint(new RegistryAddress("registry.acme.example")),
        List.of(facts),
        completeness,
        true,
        facts,
        matches,
        matches && completeness == Completeness.COMPLETE,
        "a store",
        proven);
  }
}
