package dev.tidewaiter.target.host.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.certsd.ForeignDirectory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the answers of an engine prove. That a real one gives them is in [DockerHostIT].
class EngineProofTest {
  private final FakeEngine engine = new FakeEngine(Path.of("no such file"));
  private final PullProbe probe = new PullProbe(engine);
  private final EngineDenials denials =
      new EngineDenials(engine, new OwnContainer(Path.of("no such directory")));
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"message\":\"dockerd is shutting down\"}",
        "failed to resolve reference \"NAME:1\": context canceled",
        "NAME: dial unix /run/containerd/containerd.sock: connect: connection refused: unavailable",
        "authorization denied by plugin opa: NAME is forbidden",
      })
  void showsNothingByAnAnswerThatIsOfNoRegistry(String error) throws Exception {
    engine.endPullsWith(error);
    assertThat(proof.of(probe)).isInstanceOf(Proof.Inconclusive.class);
    assertThatThrownBy(() -> denials.refutation())
        .isInstanceOfSatisfying(
            HostFileException.class,
            failure -> assertThat(failure.reason()).isEqualTo(FailureReason.Unavailable));
  }

  @Test
  void showsNothingByAnEngineThatDoesNotAnswer() throws Exception {
    engine.beMuteOn(_ -> true);
    assertThat(proof.of(probe)).isInstanceOf(Proof.Inconclusive.class);
    assertThatThrownBy(() -> denials.refutation()).isInstanceOf(HostFileException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Head \"https://mirror.test/v2/x/manifests/1?ns=NAME\": dial tcp: i/o timeout",
        "failed to resolve reference \"NAME:1\": NAME:1: not found",
        "manifest for NAME:1 not found: manifest unknown",
        "unexpected status from HEAD request to https://NAME: 401 Unauthorized",
      })
  void isRefutedByTheAnswerOfARegistry(String error) throws Exception {
    engine.endPullsWith(error);
    assertRefuted("not on the allow-list");
    assertThat(denials.refutation()).isPresent();
  }

  @Test
  void saysWhichDenialsByNameAreNotShown() throws Exception {
    engine.deny(registry -> registry.endsWith(".invalid"));
    engine.beMuteOn(registry -> registry.equals("inactive.test"));
    assertThat(proof.of(probe))
        .isInstanceOfSatisfying(
            Proof.Inconclusive.class,
            unsure -> assertThat(unsure.detail()).contains("inactive.test"));
  }

  private void assertRefuted(String word) throws Exception {
    assertThat(proof.of(probe))
        .isInstanceOfSatisfying(
            Proof.Refuted.class, refuted -> assertThat(refuted.detail()).contains(word));
  }
}
