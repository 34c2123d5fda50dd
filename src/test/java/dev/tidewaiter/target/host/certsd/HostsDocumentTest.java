package dev.tidewaiter.target.host.certsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.desired.RegistryHost;
import dev.tidewaiter.desired.RegistryHost.Endpoint;
import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostsDocumentTest {
  private static final String DENIED =
      """
      # managed-by: tidewaiter
      # What is changed here is put back: change the declaration instead.
      server = "https://registry-denied.invalid"
      capabilities = ["push"]

      [host."https://registry-denied.invalid"]
      capabilities = ["push"]
      """;

  @Test
  void rendersARegistryWithMirrorCertificatesAndCredential() {
    assertRenders(
        reached(
            "reg.test:5000",
            Map.of(2, credential("puller", "pass:word")),
            "https://mirror.test/v2/hub override-path",
            "https://reg.test:5000 ca=/etc/docker/certs.d/reg.test:5000/ca.crt"
                + " client=/etc/docker/certs.d/reg.test:5000"),
        """
        # managed-by: tidewaiter
        # What is changed here is put back: change the declaration instead.
        server = "https://reg.test:5000"
        capabilities = ["pull", "resolve", "push"]
        ca = "/etc/docker/certs.d/reg.test:5000/ca.crt"
        client = [["/etc/docker/certs.d/reg.test:5000/client.cert", \
        "/etc/docker/certs.d/reg.test:5000/client.key"]]

        [header]
        Authorization = "Basic cHVsbGVyOnBhc3M6d29yZA=="

        [host."https://mirror.test/v2/hub"]
        capabilities = ["pull", "resolve"]
        override_path = true

        [host."https://reg.test:5000"]
        capabilities = ["pull", "resolve", "push"]
        ca = "/etc/docker/certs.d/reg.test:5000/ca.crt"
        client = [["/etc/docker/certs.d/reg.test:5000/client.cert", \
        "/etc/docker/certs.d/reg.test:5000/client.key"]]

        [host."https://reg.test:5000".header]
        Authorization = "Basic cHVsbGVyOnBhc3M6d29yZA=="
        """);
  }

  @Test
  void rendersAnInsecureRegistry() {
    assertRenders(
        reached("lab.test", Map.of(), "https://lab.test skip-verify", "http://lab.test"),
        """
        # managed-by: tidewaiter
        # What is changed here is put back: change the declaration instead.
        server = "http://lab.test"
        capabilities = ["pull", "resolve", "push"]

        [host."https://lab.test"]
        capabilities = ["pull", "resolve", "push"]
        skip_verify = true

        [host."http://lab.test"]
        capabilities = ["pull", "resolve", "push"]
        """);
  }

  @Test
  void letsNothingBePushedToWhatStandsForDockerHub() {
    assertRenders(
        reached("docker.io", Map.of(), "https://reg.test/v2/hub override-path"),
        """
        # managed-by: tidewaiter
        # What is changed here is put back: change the declaration instead.
        server = "https://reg.test/v2/hub"
        capabilities = ["pull", "resolve"]
        override_path = true

        [host."https://reg.test/v2/hub"]
        capabilities = ["pull", "resolve"]
        override_path = true
        """);
    HostsDocument hub = reached("docker.io", Map.of(), "https://registry-1.docker.io");
    assertThat(text(hub)).contains("\"push\"");
  }

  @Test
  void rendersADeniedRegistryAndTheDenial() {
    assertRenders(HostsDocument.denied("old.test"), DENIED);
    assertRenders(
        HostsDocument.denial(new TreeSet<>(List.of("quay.test", "docker.io"))),
        DENIED.replace("server =", "# admits: docker.io\n# admits: quay.test\nserver ="));
  }

  @Test
  void isPrivateExactlyWithACredential() {
    assertThat(HostsDocument.denied("old.test").mode()).isEqualTo("0644");
    HostsDocument open = reached("reg.test", Map.of(), "https://reg.test");
    assertThat(open.mode()).isEqualTo("0644");
    HostsDocument closed = reached("reg.test", Map.of(1, credential("a", "b")), "https://reg.test");
    assertThat(closed.mode()).isEqualTo("0600");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "server = ",
        "server = \"https://reg.test\"",
        "server = \"https://reg.test\"\n[host]",
        "[host.\"https://reg.test\"]\ndial_timeout = \"1s\"",
        "[host.\"https://reg.test\"]\nca = [\"a.crt\"]",
        "[host.\"https://reg.test\"]\nclient = \"a.pem\"",
        "[host.\"https://reg.test\".header]\nAuthorization = \"Bearer x\"",
        "[host.\"https://reg.test\".header]\nAuthorization = \"Basic %\"",
        "[host.\"https://reg.test\".header]\nX = \"y\"",
        "[host.\"ftp://reg.test\"]",
        "[host.\"https://reg\\\"test\"]",
        "[host.\"https://reg.test\"]\n[host.\"https://reg.test\"]",
        "[host.\"https://registry-denied.invalid\"]\ncapabilities = [\"pull\"]",
      })
  void readsNothingFromWhatHasAnotherForm(String text) {
    assertThat(HostsDocument.parse("reg.test", content(text))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# admits: other.test\n",
        "\n",
        "capabilities = [\"pull\"]\n",
        "[host.\"https://second.test\"]\n",
      })
  void knowsItsOwnTextFromAnyOther(String more) {
    HostsDocument document = reached("reg.test", Map.of(), "http://reg.test");
    assertThat(document.isRenderedAs(document.render())).isTrue();
    assertThat(document.isRenderedAs(content(text(document) + more))).isFalse();
    FileContent changed = content(text(document).replace("http://reg", "http://evil"));
    assertThat(HostsDocument.parse("reg.test", changed).orElseThrow().isRenderedAs(changed))
        .as("what may be pushed to differs")
        .isFalse();
  }

  @Test
  void writesNothingThatWouldMeanSomethingElse() {
    HostsDocument quoted = reached("reg.test", Map.of(), "https://reg.test\"]");
    assertThatThrownBy(quoted::render).isInstanceOf(IllegalArgumentException.class);
    HostsDocument twice = reached("reg.test", Map.of(), "http://reg.test", "http://reg.test");
    assertThatThrownBy(twice::render).isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertRenders(HostsDocument document, String text) {
    assertThat(text(document)).isEqualTo(text);
    assertThat(HostsDocument.parse(document.registry(), content(text))).contains(document);
    assertThat(HostsFormat.isSound(content(text))).isTrue();
    assertThat(HostsFormat.deniesAll(content(text)))
        .isEqualTo(document.host() instanceof RegistryHost.Denied);
  }

  private static HostsDocument reached(
      String registry, Map<Integer, Credential> credentials, String... endpoints) {
    return HostsDocument.reached(
        registry,
        List.of(endpoints).stream().map(Endpoint::parse).toList(),
        new TreeMap<>(credentials));
  }

  private static Credential credential(String username, String password) {
    return new Credential(Secret.of(username), Secret.of(password), null, null);
  }

  private static String text(HostsDocument document) {
    return new String(document.render().bytes(), StandardCharsets.UTF_8);
  }

  private static FileContent content(String text) {
    return FileContent.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
