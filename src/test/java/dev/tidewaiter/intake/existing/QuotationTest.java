package dev.tidewaiter.intake.existing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testing.Canary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Passwords that people write into keys and URLs, in every place where an import quotes one.
class QuotationTest {
  private final Canary canary = new Canary("quoted");

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "ghcr.io/acme, ghcr.io/acme",
    "http://mirror.example:5000, http://mirror.example:5000",
    "https://robot:x@mirror.example/v2/, mirror.example/v2/",
    "https://robot:x/y@mirror.example, mirror.example",
    "robot:x@y@mirror.example, mirror.example",
    "https://mirror.example/v2/?token=x, https://mirror.example/v2/",
    "https://mirror.example/?mail=me@acme.example&token=x, acme.example",
    "https://mirror.example#x, https://mirror.example",
  })
  void keepsTheAddress(String text, String quoted) {
    assertThat(Quotation.of(text)).isEqualTo(quoted);
  }

  @Test
  void aLineBreakHidesNothing() {
    assertThat(Quotation.of("robot:x\ny@mirror.example?a\nb")).isEqualTo("mirror.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://robot:canary-quoted-@registry.example/v1/",
        "robot:canary-quoted-@registry.example",
        "https://robot:pa/canary-quoted-@registry.example",
        "https://robot:canary-quoted-/pa@registry.example/v2",
        "robot:pa@canary-quoted-@registry.example",
        "https://robot:pa?canary-quoted-@registry.example",
        "https://registry.example/v2/acme?token=canary-quoted-",
      })
  void noPlaceTellsAPassword(String written) throws IOException, UnreadableException {
    assertThat(canary.isIn(written)).isTrue();
    String docker =
        """
        {"auths": {"%s": {"auth": "bWU6eA=="}}, "credHelpers": {"%s": "%s"}, "credsStore": "%s"}
        """;
    assertToldWithoutIt(DockerFiles.config(write("config.json", docker, written)), 3);
    String daemon =
        """
        {"insecure-registries": ["%s"], "registry-mirrors": ["%s"]}
        """;
    assertToldWithoutIt(DockerFiles.daemon(write("daemon.json", daemon, written)), 2);
    String registries =
        """
        configs: {"%s": {auth: {username: me, password: x}}}
        mirrors: {"%s": {endpoint: ["%s"]}, "quay.io": {endpoint: ["%s"], rewrite: {"^x": "y"}}}
        """;
    assertToldWithoutIt(RegistriesFile.read(write("registries.yaml", registries, written)), 4);
    Files.createDirectories(directory.resolve("certs.d/quay.io"));
    String hosts =
        """
        server = "%s"
        [host."%s"]
        """;
    write("certs.d/quay.io/hosts.toml", hosts, written);
    assertToldWithoutIt(CertsDirectory.read(directory.resolve("certs.d")), 2);
  }

  private void assertToldWithoutIt(List<Found> found, int left) {
    assertThat(found).hasSize(left).allMatch(Found.Left.class::isInstance);
    assertThat(found.toString()).contains("registry.example");
    canary.assertAbsentFrom(found.toString(), "what was left");
  }

  private Path write(String name, String text, String written) throws IOException {
    return Files.writeString(directory.resolve(name), text.replace("%s", written));
  }
}
