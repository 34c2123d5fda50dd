package dev.tidewaiter.intake.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.intake.trust.ChainReport.Completeness;
import dev.tidewaiter.model.RegistryAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChainReportTest {
  private static final String HOST = "registry.acme.example";
  private static final TestChain ROOT = TestChain.authority("the authority");
  private static final TestChain INTERMEDIATE = ROOT.intermediate("an intermediate");

  @TempDir private Path directory;

  @Test
  void aServerOnItsOwnSignsItself() throws IOException {
    TestChain chain = TestChain.selfSigned(HOST);
    ChainReport report = report(chain, trusting(ROOT));
    assertThat(report.completeness()).isEqualTo(Completeness.SELF_SIGNED);
    assertThat(report.accepted()).isFalse();
    assertThat(report.declaration()).contains(indented(chain.own()));
    assertThat(report(chain, trusting(chain)).accepted()).isTrue();
  }

  @Test
  void aCompleteChainEndsWithItsAuthority() throws IOException {
    ChainReport report = report(INTERMEDIATE.server(HOST), trusting(ROOT));
    assertThat(report.completeness()).isEqualTo(Completeness.COMPLETE);
    assertThat(report.certificates()).hasSize(3);
    assertThat(report.top().subject()).isEqualTo("CN=the authority");
    assertThat(report.ordered()).isTrue();
    assertThat(report.accepted()).isTrue();
    assertThat(report.declaration()).contains(indented(ROOT.own()));
  }

  @Test
  void withoutTheAuthorityTheHighestIsTheIntermediate() throws IOException {
    ChainReport report = report(INTERMEDIATE.server(HOST).withoutRoot(), trusting(ROOT));
    assertThat(report.completeness()).isEqualTo(Completeness.WITHOUT_ROOT);
    assertThat(report.top().subject()).isEqualTo("CN=an intermediate");
    assertThat(report.top().issuer()).isEqualTo("CN=the authority");
    assertThat(report.accepted()).isTrue();
  }

  @Test
  void findsThePathThroughDisorderAndStrangers() throws IOException {
    TestChain server = INTERMEDIATE.server(HOST);
    X509Certificate stranger = TestChain.authority("must not be chosen: a stranger").own();
    ChainReport report =
        report(
            server.sending(server.own(), stranger, ROOT.own(), INTERMEDIATE.own()), trusting(ROOT));
    assertThat(report.top().subject()).isEqualTo("CN=the authority");
    assertThat(report.ordered()).isFalse();
  }

  @Test
  void anIssuerIsOneBySignatureAndNotByNameAlone() throws IOException {
    TestChain server = ROOT.server(HOST);
    X509Certificate namesake = TestChain.authority("the authority").own();
    ChainReport report = report(server.sending(server.own(), namesake), trusting(ROOT));
    assertThat(report.completeness()).isEqualTo(Completeness.WITHOUT_ROOT);
    assertThat(report.top().subject()).isEqualTo("CN=" + HOST);
  }

  @Test
  void anExpiredOneIsNotAccepted() throws IOException {
    ChainReport report = report(ROOT.expiredServer(HOST), trusting(ROOT));
    assertThat(report.accepted()).isFalse();
    assertThat(report.matches()).isTrue();
  }

  @Test
  void aTrustedOneForAnotherHostIsNotAccepted() throws IOException {
    ChainReport report = report(ROOT.server("other.acme.example"), trusting(ROOT));
    assertThat(report.matches()).isFalse();
    assertThat(report.accepted()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "registry.acme.example,  registry.acme.example, true",
    "Registry.Acme.Example,  registry.acme.example, true",
    "*.acme.example,         registry.acme.example, true",
    "*.acme.example,         a.registry.acme.example, false",
    "*.acme.example,         acme.example, false",
    "*,                      localhost, false",
    "acme.example,           registry.acme.example, false",
    "10.0.0.1,               10.0.0.1, true",
  })
  void aNameIsForAHost(String name, String host, boolean matches) {
    assertThat(CertificateFacts.of(ROOT.server(name).own()).isFor(host)).isEqualTo(matches);
  }

  @Test
  void theCommonNameIsNoHost() {
    assertThat(CertificateFacts.of(ROOT.intermediate(HOST).own()).isFor(HOST)).isFalse();
  }

  @Test
  void namesThatATerminalWouldObeyAreMadeHarmless() {
    CertificateFacts facts = CertificateFacts.of(TestChain.authority("a\u001b[31mb\nc").own());
    assertThat(facts.subject()).doesNotContain("\u001b", "\n");
  }

  @Test
  void aKeyHasItsKindAndSize() {
    CertificateFacts facts = CertificateFacts.of(ROOT.own());
    assertThat(facts.key()).isEqualTo("EC 256");
    assertThat(facts.sha256()).matches("([0-9A-F]{2}:){31}[0-9A-F]{2}");
  }

  @Test
  void aBundleThatCannotBeReadIsNoReasonToAccept() throws IOException {
    Path broken = Files.writeString(directory.resolve("broken.pem"), "no certificates");
    assertThat(report(ROOT.server(HOST), SystemTrust.of(broken)).accepted()).isFalse();
  }

  private static ChainReport report(TestChain chain, SystemTrust trust) {
    return ChainReport.of(
        new Endpoint(new RegistryAddress(HOST)),
        new Fetched.Presented(chain.certificates(), true),
        trust);
  }

  private SystemTrust trusting(TestChain authority) throws IOException {
    return SystemTrust.of(
        Files.writeString(
            directory.resolve("bundle.pem"), CertificateFacts.of(authority.own()).pem()));
  }

  private static String indented(X509Certificate certificate) {
    List<String> lines = CertificateFacts.of(certificate).pem().lines().toList();
    return "ca: |\n    " + String.join("\n    ", lines) + "\n";
  }
}
