package dev.tidewaiter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.testbed.ConnectProxy;
import dev.tidewaiter.testbed.HttpsFront;
import dev.tidewaiter.testbed.TestBed;
import dev.tidewaiter.testbed.TestCertificates;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TrustCommandTest {
  @TempDir private Path directory;

  private TestCertificates authority;
  private HttpsFront server;

  @BeforeEach
  void serve() {
    authority = TestCertificates.create(directory.resolve("authority"));
    server =
        HttpsFront.before(
            URI.create("http://127.0.0.1:1"),
            authority.server("localhost", "one.acme.example").serverContext());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void showsTheChainAndTheDeclarationToPaste() throws IOException {
    Shell.Ended ended = Shell.run("trust", "localhost:" + port());
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out())
        .startsWith("localhost:" + port() + " presents 2 certificates:\n")
        .contains("names    localhost, one.acme.example", "expires within a day", "issuer   itself")
        .contains("The chain is complete", "does not accept it for this host")
        .contains("The server's own certificate is for `localhost`.")
        .contains(Files.readString(authority.ca()).replaceAll("(?m)^(?=.)", "      "));
  }

  @Test
  void theDeclarationItPrintsIsAccepted() throws IOException {
    JsonNode document = json("localhost:" + port());
    Path folder = Files.createDirectory(directory.resolve("config"));
    Files.writeString(
        folder.resolve("private.yaml"),
        """
        apiVersion: tidewaiter.dev/v1
        kind: Registry
        metadata: {name: private}
        spec:
          address: localhost:%d
          credential: {anonymous: {}}
        """
                .formatted(port())
            + Output.indented(document.path("declaration").asString()));
    Shell.Ended validated = Shell.run("validate", folder.toString());
    assertThat(validated.exitCode()).as(validated.out()).isZero();
  }

  @Test
  void printsADocumentForPrograms() {
    JsonNode document = json("localhost:" + port());
    assertThat(document.path("chain").asString()).isEqualTo("Complete");
    assertThat(document.path("nameMatches").asBoolean()).isTrue();
    assertThat(document.path("systemTrusts").asBoolean()).isFalse();
    assertThat(document.at("/certificates/0/names/1").asString()).isEqualTo("one.acme.example");
    assertThat(Shell.run("trust", "localhost:" + port(), "-o", "yaml").out())
        .startsWith("server: localhost:" + port() + "\n");
  }

  @Test
  void goesThroughTheProxyOfTheConfiguration() throws IOException {
    try (ConnectProxy proxy = ConnectProxy.start()) {
      Path configuration = configuration("proxy: {url: \"" + proxy.url() + "\"}");
      Shell.Ended ended =
          Shell.run("trust", "one.acme.example:" + port(), "--config", configuration.toString());
      assertThat(ended.exitCode()).as(ended.err()).isZero();
      assertThat(proxy.targets()).containsExactly("one.acme.example:" + port());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://quay.io", "Quay.io", "quay.io/acme", "[::1]:443", "*.io", ""})
  void whatIsNoAddressIsWrongUsage(String host) {
    Shell.Ended ended = Shell.run("trust", host);
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).startsWith(host + ": This is not the address of a registry.\n  Write ");
  }

  @Test
  void aServerThatCannotBeReachedIsUnavailable() {
    String nobody = "localhost:" + TestBed.freePort();
    Shell.Ended ended = Shell.run("trust", nobody);
    assertThat(ended.exitCode()).isEqualTo(4);
    assertThat(ended.err())
        .isEqualTo(nobody + ": The server refuses the connection.\n  Look at the port.\n");
    assertThat(ended.out()).isEmpty();
    assertThat(Shell.run("trust", "169.254.169.254").exitCode()).isEqualTo(4);
  }

  private JsonNode json(String host) {
    return JsonMapper.shared().readTree(Shell.run("trust", host, "--output", "json").out());
  }

  private Path configuration(String more) throws IOException {
    return Files.writeString(
        directory.resolve("tidewaiter.yaml"),
        """
        apiVersion: tidewaiter.dev/v1
        kind: Daemon
        metadata: {name: test}
        spec:
          stateDirectory: %s
          repository: {url: "file:///nowhere"}
          %s
        """
            .formatted(directory.resolve("state"), more));
  }

  private int port() {
    return server.address().getPort();
  }
}
