package dev.tidewaiter.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryAddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "quay.io",
        "localhost",
        "registry",
        "registry.example.com:5000",
        "10.0.0.1:443",
        "a-b.c--d.example",
        "xn--bcher-kva.example",
        "example.com:65535",
        "registry-1.docker.io"
      })
  void acceptsAHostWithAnOptionalPort(String text) {
    assertThat(new RegistryAddress(text)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          https://quay.io          | without a scheme: `quay.io`
          https://quay.io/v2/      | without a scheme: `quay.io`
          HTTP://Quay.io           | without a scheme.
          quay.io/acme             | without a path: `quay.io`
          quay.io/                 | without a path: `quay.io`
          robot@quay.io            | without a user: `quay.io`
          *.example.com            | one registry for each host
          Quay.IO                  | in lower case: `quay.io`
          [::1]:5000               | IPv6
          ::1                      | IPv6
          quay.io:0                | host with an optional port
          quay.io:                 | host with an optional port
          quay.io:65536            | port from 1 to 65535
          quay.io:99999            | port from 1 to 65535
          quay.io:123456           | host with an optional port
          quay..io                 | host with an optional port
          -quay.io                 | host with an optional port
          quay-.io                 | host with an optional port
          quay.io.                 | host with an optional port
          quay io                  | host with an optional port
          bücher.example           | host with an optional port
          """)
  void saysWhatToWriteInstead(String text, String hint) {
    assertThat(RegistryAddress.mistakeIn(text)).get().asString().contains(hint);
    assertThatIllegalArgumentException().isThrownBy(() -> new RegistryAddress(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "://", "/", "@", "quay.io\n"})
  void refusesWhatHasNoHost(String text) {
    assertThat(RegistryAddress.mistakeIn(text)).isPresent();
  }

  @Test
  void aNameHasAtMost255Characters() {
    assertThat(RegistryAddress.mistakeIn("a".repeat(255))).isEmpty();
    assertThat(RegistryAddress.mistakeIn("a".repeat(256))).isPresent();
  }

  @Test
  void dockerHubIsOneRegistryUnderTwoNames() {
    var hub = new RegistryAddress("docker.io");
    var index = new RegistryAddress("index.docker.io");
    assertThat(index.canonical()).isEqualTo(hub);
    assertThat(hub.canonical()).isEqualTo(hub);
    assertThat(hub.isDockerHub()).isTrue();
    assertThat(index.isDockerHub()).isTrue();
    assertThat(hub.authsKey()).isEqualTo("https://index.docker.io/v1/");
    assertThat(index.authsKey()).isEqualTo("https://index.docker.io/v1/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"registry-1.docker.io", "docker.io:443", "quay.io:443", "index.docker.io:443"})
  void everyOtherNameIsARegistryOfItsOwn(String text) {
    var address = new RegistryAddress(text);
    assertThat(address.canonical()).isEqualTo(address);
    assertThat(address.isDockerHub()).isFalse();
    assertThat(address.authsKey()).isEqualTo(text);
  }
}
