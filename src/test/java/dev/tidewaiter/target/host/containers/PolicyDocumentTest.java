package dev.tidewaiter.target.host.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.containers.PolicyDocument.Default;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyDocumentTest {
  private static final String ANYTHING = "[{\"type\": \"insecureAcceptAnything\"}]";
  private static final String LISTED =
      """
      {"default": [{"type": "reject"}], "transports": {"docker": {
        "quay.io/acme": [{"type": "insecureAcceptAnything"}],
        "quay.io/acme/closed": [{"type": "reject"}],
        "reg.test:5000": [{"type": "insecureAcceptAnything"}],
        "signed.test": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "/k"}],
        "*.wide.test": [{"type": "insecureAcceptAnything"}]}}}
      """;

  @ParameterizedTest
  @CsvSource({
    "quay.io/acme/app, true",
    "quay.io/acme, true",
    "quay.io/acmer/app, false",
    "quay.io/other, false",
    "quay.io/acme/closed/app, false",
    "QUAY.io/acme/app, false",
    "reg.test:5000/a, true",
    "reg.test/a, false",
    "reg.test:443/a, false",
    "signed.test/a, true",
    "a.wide.test/a, true",
    "a.b.wide.test:5/a, true",
    "wide.test/a, false"
  })
  void admitsBeneathTheLongestScope(String repository, boolean admitted) throws Exception {
    assertThat(document(LISTED).admits(repository)).isEqualTo(admitted);
  }

  @Test
  void asksTheTransportBeforeTheDefault() throws Exception {
    PolicyDocument document =
        document(
            "{\"default\": [{\"type\": \"reject\"}], \"transports\": {\"docker\": {\"\": "
                + ANYTHING
                + "}}}");
    assertThat(document.admits("any.test/a")).isTrue();
    assertThat(document.fallback()).isEqualTo(Default.REJECT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[]",
        "{}",
        "{\"default\": []}",
        "{\"default\": [{\"type\": \"Reject\"}]}",
        "{\"default\": [{\"type\": \"reject\"}], \"transport\": {}}",
        "{\"default\": [{\"type\": \"reject\"}], \"default\": [{\"type\": \"reject\"}]}",
        "{\"default\": [{\"type\": \"reject\"}], \"transports\": []}",
        "{\"default\": [{\"type\": \"reject\"}], \"transports\": {\"docker\": {\"a\": []}}}",
        "{\"default\": [{\"type\": \"reject\"}]} // allow nothing"
      })
  void refusesWhatItsReadersRefuse(String text) {
    assertThatThrownBy(() -> document(text))
        .isInstanceOf(HostFileException.class)
        .hasMessageStartingWith("/etc/containers/policy.json");
  }

  @Test
  void putsScopesAmongThoseOfOthersAndTakesThemOutAgain() throws Exception {
    PolicyDocument before = document(LISTED);
    PolicyDocument after = before.accepting("docker", "new.test").accepting("dir", "");
    assertThat(after.admits("new.test/a")).isTrue();
    assertThat(text(after)).startsWith(LISTED.substring(0, LISTED.indexOf("}}}")).stripTrailing());
    PolicyDocument again = after.without("docker", "new.test", before).without("dir", "", before);
    assertThat(text(again)).isEqualTo(LISTED);
  }

  @Test
  void removesWhatItEmptiedUnlessItWasThere() throws Exception {
    PolicyDocument bare = document("{\"default\": " + ANYTHING + "}");
    PolicyDocument with = bare.accepting("docker", "new.test");
    assertThat(text(with.without("docker", "new.test", bare))).isEqualTo(text(bare));
    PolicyDocument empty =
        document("{\"default\": " + ANYTHING + ", \"transports\": {\"docker\": {}}}");
    PolicyDocument kept =
        empty.accepting("docker", "new.test").without("docker", "new.test", empty);
    assertThat(kept.json().tree()).isEqualTo(empty.json().tree());
  }

  private static PolicyDocument document(String text) throws HostFileException {
    return PolicyDocument.parse(
        SignaturePolicy.PATH, FileContent.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String text(PolicyDocument document) {
    return new String(document.content().bytes(), StandardCharsets.UTF_8);
  }
}
