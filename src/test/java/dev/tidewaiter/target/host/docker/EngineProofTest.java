package dev.tidewaiter.target.host.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.certsd.ForeignDirectory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the answers of an engine prove. That a real one gives them is in [DockerHostIT].
class EngineProofTest {
  private final FakeEngine engine = new FakeEngine(Path.of("no such file"));
  private final PullProbe probe = new PullProbe(engine);
  private final EngineProof proof =
      new EngineProof(List.of("quay.io", "reg.test:5000"), List.of("inactive.test"), List.of());

  @Test
  void isProvenWhereOnlyWhatIsListedIsLookedFor() throws Exception {
    engine.deny(registry -> registry.endsWith(".invalid") || registry.equals("inactive.test"));
    assertThat(proof.of(probe)).isEqualTo(new Proof.Proven());
  }

  @Test
  void isRefutedWhereAnythingIsOtherwise() throws Exception {
    assertRefuted("not on the allow-list");
    engine.deny(registry -> registry.endsWith(".invalid"));
    assertRefuted("inactive.test");
    engine.deny(registry -> !registry.equals("quay.io"));
    assertRefuted("reg.test:5000");
  }

  @Test
  void saysWhatOthersAdmit() throws Exception {
    engine.deny(registry -> registry.endsWith(".invalid"));
    var foreign =
        new ForeignDirectory(new HostPath("etc/docker/certs.d/other.test"), "other.test", false);
    assertThat(new EngineProof(List.of("quay.io"), List.of(), List.of(foreign)).of(probe))
        .isEqualTo(new Proof.Inconclusive(foreign.toString()));
  }

  private void assertRefuted(String word) throws Exception {
    assertThat(proof.of(probe))
        .isInstanceOfSatisfying(
            Proof.Refuted.class, refuted -> assertThat(refuted.detail()).contains(word));
  }
}
