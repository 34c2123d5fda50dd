package dev.tidewaiter.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.RegistryAddress;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenServersTest {
  private final TokenServers law =
      new TokenServers(List.of("sso.other.example", "idp.other.example:8443"));

  @ParameterizedTest
  @CsvSource({
    "docker.io,                 https://auth.docker.io/token",
    "index.docker.io,           https://auth.docker.io/token",
    "registry.gitlab.com,       https://gitlab.com/jwt/auth",
    "quay.io,                   https://quay.io/v2/auth",
    "quay.io,                   https://QUAY.IO/v2/auth",
    "registry.acme.example:5050, https://registry.acme.example/jwt/auth",
    "registry.acme.co.uk,       https://login.acme.co.uk/token",
    "hub.art.corp.local,        https://art.corp.local/token",
    "registry.acme.example,     https://sso.other.example/token",
    "registry.acme.example,     https://sso.other.example:443/token",
    "registry.acme.example,     https://idp.other.example:8443/token",
    "10.0.0.7:5000,             https://10.0.0.7/token",
    "localhost:5000,            https://localhost:5001/token",
  })
  void allows(String registry, URI realm) {
    assertThat(mayServe(registry, realm, false)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "registry.acme.example,     https://evil.example/token",
    "registry.acme.example,     https://registry.acme.example.evil.example/token",
    "registry.acme.example,     https://evilacme.example/token",
    "registry.acme.example,     http://registry.acme.example/token",
    "registry.acme.example,     http://sso.other.example/token",
    "registry.acme.example,     https://sso.other.example:444/token",
    "registry.acme.example,     https://idp.other.example/token",
    "registry.acme.co.uk,       https://evil.co.uk/token",
    "acme.azurecr.io,           https://evil.azurecr.io/token",
    "quay.io,                   https://auth.docker.io/token",
    "docker.io,                 https://auth.docker.com/token",
    "10.0.0.7,                  https://10.0.0.8/token",
    "10.0.0.7,                  https://1.0.0.7/token",
    "localhost,                 https://evil/token",
    "registry,                  https://evil.registry/token",
  })
  void refuses(String registry, URI realm) {
    assertThat(mayServe(registry, realm, false)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "registry.acme.example:5000, http://registry.acme.example:5001/token, true",
    "registry.acme.example:5000, http://auth.acme.example/token,          false",
    "registry.acme.example:5000, http://sso.other.example/token,          false",
    "registry.acme.example:5000, https://auth.acme.example/token,         true",
  })
  void anInsecureRegistryMayHaveOneWithoutTlsOnItsVeryHost(
      String registry, URI realm, boolean expected) {
    assertThat(mayServe(registry, realm, true)).isEqualTo(expected);
  }

  private boolean mayServe(String registry, URI realm, boolean insecure) {
    return law.mayServe(new RegistryAddress(registry), Origin.of(realm).orElseThrow(), insecure);
  }
}
