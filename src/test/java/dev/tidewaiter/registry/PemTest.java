package dev.tidewaiter.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Secret;
import dev.tidewaiter.testbed.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemTest {
  @TempDir Path directory;

  @Test
  void acceptsAChainAndAKeyEachInItsPlaceAlone() throws IOException {
    var ca = TestCertificates.create(directory);
    var pair = ca.server("registry.test");
    String chain = Files.readString(pair.certificate()) + Files.readString(ca.ca());
    String key = Files.readString(pair.key());

    assertThat(Pem.mistakeInCertificates(Secret.of(chain))).isEmpty();
    assertThat(Pem.mistakeInPrivateKey(Secret.of(key))).isEmpty();
    assertThat(Pem.mistakeInCertificates(Secret.of(key))).isPresent();
    assertThat(Pem.mistakeInPrivateKey(Secret.of(chain))).isPresent();
    assertThat(Pem.mistakeInPrivateKey(Secret.of(key + key))).isPresent();
  }

  @Test
  void knowsWhenTheFirstOfAChainEnds() throws IOException {
    var ca = TestCertificates.create(directory);
    var pair = ca.server("registry.test");
    String chain = Files.readString(pair.certificate()) + Files.readString(ca.ca());
    assertThat(Pem.earliestEnd(Secret.of(chain)))
        .hasValueSatisfying(
            end ->
                assertThat(end)
                    .isBeforeOrEqualTo(ca.caCertificate().getNotAfter().toInstant())
                    .isAfter(Instant.now()));
    assertThat(Pem.earliestEnd(Secret.of("not a certificate"))).isEmpty();
  }

  @Test
  void refusesWhatIsNoPem() {
    String broken = "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n";
    assertThat(Pem.mistakeInCertificates(Secret.of("not a certificate"))).isPresent();
    assertThat(Pem.mistakeInCertificates(Secret.of(broken))).isPresent();
    assertThat(Pem.mistakeInPrivateKey(Secret.of(""))).isPresent();
  }
}
