package dev.tidewaiter.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryPrefixTest {
  @ParameterizedTest
  @ValueSource(strings = {"quay.io", "quay.io/acme", "quay.io:5000/a/b-c__d", "docker.io/library"})
  void readsWhatItPrints(String text) {
    assertThat(RepositoryPrefix.mistakeIn(text)).isEmpty();
    assertThat(RepositoryPrefix.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://quay.io",
        "quay.io/",
        "quay.io/Acme",
        "quay.io/a:1",
        "quay.io//a",
        "Quay.io/a",
        "quay.io/a@sha256:1",
        "quay.io/*",
        "[::1]:5000/a",
        "registry",
        "acme/app",
        "acme/app.io:80",
        ""
      })
  void saysWhatToWrite(String text) {
    assertThat(RepositoryPrefix.mistakeIn(text)).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "quay.io, quay.io, true",
    "quay.io, quay.io/acme, true",
    "quay.io/acme, quay.io/acme/base, true",
    "quay.io/acme, quay.io/acme-other, false",
    "quay.io/acme, quay.io, false",
    "docker.io, index.docker.io/library, true",
    "quay.io, quay.io:443, false"
  })
  void coversByComponent(String one, String other, boolean covers) {
    assertThat(RepositoryPrefix.parse(one).covers(RepositoryPrefix.parse(other))).isEqualTo(covers);
  }

  /// As users of Gatekeeper write it, where it is the beginning of an image's text.
  @Test
  void tellsAPathOnDockerHubFromAHost() {
    assertThat(RepositoryPrefix.mistakeIn("openpolicyagent"))
        .contains(
            "Write `docker.io/openpolicyagent` for a path on Docker Hub, or a host with a dot or a"
                + " port.");
    assertThat(RepositoryPrefix.mistakeIn("localhost")).isEmpty();
    assertThat(RepositoryPrefix.mistakeIn("registry:5000/app")).isEmpty();
    assertThatThrownBy(() -> RepositoryPrefix.parse("openpolicyagent"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("docker.io/openpolicyagent");
  }

  @Test
  void refusesAPathThatIsNone() {
    assertThat(RepositoryPrefix.mistakeIn("quay.io/a b")).isPresent();
  }
}
