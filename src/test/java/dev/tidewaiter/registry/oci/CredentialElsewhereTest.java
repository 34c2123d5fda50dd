package dev.tidewaiter.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.registry.RegistryProbe.ProbeAnswer;
import dev.tidewaiter.registry.oci.StandIn.Answer;
import dev.tidewaiter.registry.oci.StandIn.Request;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Servers that want the credential for somebody else: it is at no other host than the one it is
/// for.
class CredentialElsewhereTest extends HostileScenario {
  @Test
  void aRealmElsewhereIsNotAsked() {
    StandIn thief = start("thief.example", _ -> Answer.of(200).json("{\"token\":\"x\"}"));
    StandIn registry =
        start("registry.example", _ -> bearer("https://thief.example:" + thief.port() + "/token"));
    assertThat(ask("registry.example", registry.port()))
        .isEqualTo(
            new ProbeAnswer.Unreachable(
                "registry.example:"
                    + registry.port()
                    + " wants credentials sent to thief.example, which is neither https in its own"
                    + " domain nor among the daemon's `probe.tokenServers`"));
    assertThat(thief.requests()).isEmpty();
  }

  @Test
  void aDeclaredTokenServerElsewhereIsAsked() {
    StandIn login = start("login.example", _ -> Answer.of(403).json("{}"));
    StandIn registry =
        start("registry.example", _ -> bearer("https://login.example:" + login.port() + "/token"));
    var settings = new ProbeSettings(null, List.of("LOGIN.example:" + login.port()), List.of());
    assertThat(ask(settings, "registry.example", registry.port()))
        .isInstanceOf(ProbeAnswer.Refused.class);
    assertThat(login.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectElsewhereCarriesNothing(int status) {
    StandIn thief = start("thief.example", _ -> Answer.registry(200).json("{}"));
    StandIn registry =
        start(
            "registry.example",
            request ->
                request.authorization() == null
                    ? Answer.registry(401).with("WWW-Authenticate: Basic realm=\"r\"")
                    : Answer.of(status)
                        .with("Location: https://thief.example:" + thief.port() + "/v2/"));
    assertThat(ask("registry.example", registry.port()))
        .isInstanceOf(ProbeAnswer.Unreachable.class);
    assertThat(thief.requests()).extracting(Request::authorization).containsOnlyNulls();
  }

  @Test
  void aTokenServerThatRedirectsElsewhereGetsNothingThere() {
    StandIn thief = start("thief.example", _ -> Answer.of(200).json("{\"token\":\"x\"}"));
    AtomicInteger port = new AtomicInteger();
    StandIn registry =
        start(
            "registry.example",
            request ->
                request.isFor("/token")
                    ? Answer.of(307).with("Location: https://thief.example:" + thief.port() + "/")
                    : bearer("https://registry.example:" + port.get() + "/token"));
    port.set(registry.port());
    assertThat(ask("registry.example", registry.port()))
        .isInstanceOf(ProbeAnswer.Unreachable.class);
    assertThat(thief.requests()).extracting(Request::authorization).containsOnlyNulls();
  }

  @Test
  void aRedirectToPlainHttpIsNotFollowed() {
    StandIn plain = StandIn.start(null, _ -> Answer.registry(200).json("{}"));
    started.add(plain);
    StandIn registry =
        start(
            "registry.example",
            _ -> Answer.of(302).with("Location: http://registry.example:" + plain.port() + "/v2/"));
    assertThat(ask("registry.example", registry.port()))
        .isInstanceOf(ProbeAnswer.Unreachable.class);
    assertThat(plain.requests()).isEmpty();
  }

  @Test
  void aCircleOfRedirectsEnds() {
    StandIn registry = start("registry.example", _ -> Answer.of(302).with("Location: /v2/"));
    assertThat(ask("registry.example", registry.port()))
        .isInstanceOf(ProbeAnswer.Unreachable.class);
    assertThat(registry.requests()).hasSize(4);
  }

  @Test
  void aCredentialInEveryPartOfAnAnswerIsNotRepeated() {
    StandIn registry =
        start(
            "registry.example",
            request -> {
              String seen = String.valueOf(request.authorization()).replaceAll("[^A-Za-z0-9]", "");
              return request.authorization() == null
                  ? Answer.registry(401).with("WWW-Authenticate: Basic realm=\"r\"")
                  : Answer.of(302)
                      .with("Location: https://" + seen + ".example/" + seen)
                      .with("WWW-Authenticate: Bearer realm=\"https://" + seen + ".example/\"")
                      .with("Docker-Content-Digest: " + seen)
                      .json("{\"errors\":[\"" + seen + "\"]}");
            });
    assertThat(ask("registry.example", registry.port()))
        .isInstanceOf(ProbeAnswer.Unreachable.class);
  }

  @Test
  void aPortalInPlaceOfTheTokenServerIsNoTokenServer() {
    AtomicInteger port = new AtomicInteger();
    StandIn registry =
        start(
            "registry.example",
            request ->
                request.isFor("/token")
                    ? Answer.of(403).html()
                    : bearer("https://registry.example:" + port.get() + "/token"));
    port.set(registry.port());
    assertThat(ask("registry.example", registry.port()))
        .isInstanceOf(ProbeAnswer.Unreachable.class);
  }
}
