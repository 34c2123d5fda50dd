package dev.tidewaiter.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChallengeTest {
  private static final Challenge BEARER =
      new Challenge.Bearer(URI.create("https://auth.example/token?x=1"), "the \"service\", here");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer realm=\"https://auth.example/token?x=1\",service=\"the \\\"service\\\", here\"",
        "bearer SERVICE=\"the \\\"service\\\", here\" , Realm = \"https://auth.example/token?x=1\"",
        "Basic realm=\"x\", Bearer realm=\"https://auth.example/token?x=1\", service=\"the \\\"service\\\", here\",scope=\"a,b\"",
        "Negotiate, NTLM, Bearer realm=\"https://auth.example/token?x=1\",service=\"the \\\"service\\\", here\"",
      })
  void readsBearer(String header) {
    assertThat(Challenge.best(List.of(header))).contains(BEARER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Basic",
        "BASIC realm=\"Sonatype Nexus Repository Manager\"",
        "basic realm=x, charset=\"UTF-8\"",
        "Digest realm=\"d\", nonce=\"n\", Basic realm=\"b\"",
        "Bearer service=\"without a realm\", Basic realm=\"b\"",
        "Bearer realm=\"no address\", Basic realm=\"b\"",
        "Bearer realm=\"ftp://files.example/\", Basic realm=\"b\"",
        "Bearer realm=\"https://user@auth.example/\", Basic realm=\"b\"",
        "Bearer realm=\"https://auth.example:65536/\", Basic realm=\"b\""
      })
  void readsBasic(String header) {
    assertThat(Challenge.best(List.of(header))).contains(new Challenge.Basic());
  }

  @Test
  void looksThroughAllHeaders() {
    var headers =
        List.of(
            "Digest realm=\"d\"", "Basic realm=\"b\"", "Bearer realm=\"https://auth.example/t\"");
    assertThat(Challenge.best(headers))
        .contains(new Challenge.Bearer(URI.create("https://auth.example/t"), ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "=",
        "Bearer",
        "Negotiate",
        "Digest realm=\"d\"",
        "Bearer realm=\"open",
        "\"",
        "Bearer realm=\"/token\""
      })
  void knowsNoOther(String header) {
    assertThat(Challenge.best(List.of(header))).isEmpty();
  }
}
