package dev.tidewaiter.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.registry.RegistryProbe.ImageAnswer;
import dev.tidewaiter.registry.RegistryProbe.ProbeAnswer;
import dev.tidewaiter.registry.RegistryProbe.Question;
import dev.tidewaiter.registry.RegistryProbe.Trust;
import dev.tidewaiter.testbed.RegistryServer;
import dev.tidewaiter.testbed.RegistryServer.Options;
import dev.tidewaiter.testbed.ServerProcess;
import dev.tidewaiter.testbed.TestBed;
import dev.tidewaiter.testbed.TestCertificates;
import dev.tidewaiter.testbed.TokenIssuer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The probe and Distribution's registry.
class OciRegistryProbeIT {
  private static final String HOST = "127.0.0.1";
  private static final Credential RIGHT =
      new Credential(Secret.of("puller"), Secret.of("right: wïth colon"), null, null);
  private static final Credential WRONG =
      new Credential(Secret.of("puller"), Secret.of("wrong: must fail"), null, null);

  @TempDir Path directory;
  private final int port = TestBed.freePort();
  private final String address = HOST + ":" + port;
  private final OciRegistryProbe probe =
      new OciRegistryProbe(new ProbeSettings(null, List.of(), List.of()), System::nanoTime);
  private TestCertificates authority;
  private TestCertificates.Issued certificate;

  @BeforeEach
  void store() {
    authority = TestCertificates.create(directory.resolve("authority"));
    certificate = authority.server(HOST);
    RegistryServer.store(directory, "demo/hello", "1");
  }

  @Test
  void passwordsAreProvenOverTlsWithAPrivateAuthority() throws Exception {
    var options =
        Options.plain(HOST, port)
            .withTls(certificate.certificate(), certificate.key())
            .withPasswords(passwords());
    try (RegistryServer _ = RegistryServer.start(directory, options)) {
      Trust trust = new Trust(pem(authority.ca()), null, null, false);
      assertThat(ask(RIGHT, trust)).isEqualTo(new ProbeAnswer.Accepted(Map.of()));
      assertThat(ask(WRONG, trust)).isEqualTo(new ProbeAnswer.Refused(address + " answered 401"));
      assertThat(ask(null, trust)).isInstanceOf(ProbeAnswer.Refused.class);
      assertThat(ask(RIGHT, Trust.OF_SYSTEM))
          .isEqualTo(new ProbeAnswer.Unreachable(address + ": its certificate is not trusted"));
      Map<String, ImageAnswer> images = images(RIGHT, trust, "demo/hello:1", "demo/hello:2");
      assertThat(images.get("demo/hello:1"))
          .isInstanceOfSatisfying(
              ImageAnswer.Found.class, found -> assertThat(found.digest()).startsWith("sha256:"));
      assertThat(images.get("demo/hello:2")).isInstanceOf(ImageAnswer.Missing.class);
    }
    assertThat(ask(RIGHT, Trust.OF_SYSTEM))
        .isEqualTo(new ProbeAnswer.Unreachable(address + ": it accepts no connection"));
  }

  @Test
  void aRegistryThatWantsAClientCertificateGetsIt() throws Exception {
    TestCertificates.Issued client = authority.client("tidewaiter");
    String tls =
        "  tls:\n    certificate: %s\n    key: %s\n    clientcas: [%s]\n"
            .formatted(certificate.certificate(), certificate.key(), authority.ca());
    try (RegistryServer _ = RegistryServer.start(directory, new Options(HOST, port, tls, ""))) {
      Secret ca = pem(authority.ca());
      var shown = new Trust(ca, pem(client.certificate()), pem(client.key()), false);
      assertThat(ask(null, shown)).isInstanceOf(ProbeAnswer.Accepted.class);
      assertThat(images(null, shown, "demo/hello:1").get("demo/hello:1"))
          .isInstanceOf(ImageAnswer.Found.class);
      assertThat(ask(null, new Trust(ca, null, null, false)))
          .isInstanceOf(ProbeAnswer.Unreachable.class);
      var broken = new Trust(ca, pem(client.certificate()), Secret.of("no key"), false);
      assertThat(ask(null, broken).toString()).contains("cannot be read");
    }
  }

  @Test
  void anInsecureRegistryMayShowAnyCertificateOrNone() throws Exception {
    Trust insecure = new Trust(null, null, null, true);
    var options = Options.plain(HOST, port).withPasswords(passwords());
    try (RegistryServer _ = RegistryServer.start(directory, options)) {
      assertThat(ask(RIGHT, insecure)).isInstanceOf(ProbeAnswer.Accepted.class);
      assertThat(ask(WRONG, insecure)).isInstanceOf(ProbeAnswer.Refused.class);
      assertThat(ask(RIGHT, Trust.OF_SYSTEM)).isInstanceOf(ProbeAnswer.Unreachable.class);
    }
    var tls = options.withTls(certificate.certificate(), certificate.key());
    try (RegistryServer _ = RegistryServer.start(directory, tls)) {
      assertThat(ask(RIGHT, insecure)).isInstanceOf(ProbeAnswer.Accepted.class);
      assertThat(ask(WRONG, insecure)).isInstanceOf(ProbeAnswer.Refused.class);
    }
  }

  @Test
  void tokensAreFetchedForTheCredentialAndForEachRepository() throws Exception {
    RegistryServer.store(directory, TokenIssuer.CLOSED, "1");
    String account = RIGHT.username().reveal() + ":" + RIGHT.password().reveal();
    try (var issuer = TokenIssuer.start(HOST, certificate, authority.ca(), account)) {
      Options options =
          Options.plain(HOST, port)
              .withTls(certificate.certificate(), certificate.key())
              .withTokensOf(issuer);
      try (RegistryServer _ = RegistryServer.start(directory, options)) {
        Trust trust = new Trust(pem(authority.ca()), null, null, false);
        assertThat(ask(RIGHT, trust)).isInstanceOf(ProbeAnswer.Accepted.class);
        assertThat(ask(WRONG, trust))
            .isEqualTo(new ProbeAnswer.Refused("the token server of " + address + " answered 401"));
        Map<String, ImageAnswer> images =
            images(RIGHT, trust, "demo/hello:1", "demo/hello:2", TokenIssuer.CLOSED + ":1");
        assertThat(images.get("demo/hello:1")).isInstanceOf(ImageAnswer.Found.class);
        assertThat(images.get("demo/hello:2")).isInstanceOf(ImageAnswer.Missing.class);
        assertThat(images.get(TokenIssuer.CLOSED + ":1")).isInstanceOf(ImageAnswer.Refused.class);
        issuer.replaceAccount("puller:the next one");
        assertThat(ask(RIGHT, trust)).as("rotated").isInstanceOf(ProbeAnswer.Refused.class);
      }
    }
  }

  private ProbeAnswer ask(@Nullable Credential credential, Trust trust) {
    return probe.ask(new Question(new RegistryAddress(address), credential, trust, Set.of()));
  }

  /// By the image without its host.
  private Map<String, ImageAnswer> images(
      @Nullable Credential credential, Trust trust, String... images) {
    Set<ImageReference> references =
        Stream.of(images)
            .map(image -> ImageReference.parse(address + "/" + image).orElseThrow())
            .collect(Collectors.toSet());
    var answer =
        probe.ask(new Question(new RegistryAddress(address), credential, trust, references));
    assertThat(answer).isInstanceOf(ProbeAnswer.Accepted.class);
    return ((ProbeAnswer.Accepted) answer)
        .images().entrySet().stream()
            .collect(
                Collectors.toMap(
                    entry -> entry.getKey().toString().substring(address.length() + 1),
                    Map.Entry::getValue));
  }

  private Path passwords() {
    Path file = directory.resolve("htpasswd");
    var builder =
        new ProcessBuilder(
            TestBed.installed("/usr/bin/htpasswd").toString(),
            "-cbB",
            file.toString(),
            RIGHT.username().reveal(),
            RIGHT.password().reveal());
    try (var htpasswd =
        ServerProcess.start("htpasswd", builder, directory.resolve("htpasswd.log"))) {
      assertThat(htpasswd.awaitEnd(Duration.ofSeconds(20))).isTrue();
    }
    return file;
  }

  private static Secret pem(Path file) throws IOException {
    return Secret.of(Files.readString(file));
  }
}
