package dev.tidewaiter.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.registry.RegistryProbe.ProbeAnswer;
import dev.tidewaiter.registry.RegistryProbe.Question;
import dev.tidewaiter.registry.RegistryProbe.Trust;
import dev.tidewaiter.registry.oci.StandIn.Answer;
import dev.tidewaiter.testbed.TestCertificates;
import dev.tidewaiter.testing.Canary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Servers of bad intent, and the question that they are asked. After each test, the credential is
/// in no answer.
abstract class HostileScenario {
  @TempDir Path directory;
  final Canary canary = new Canary("password");
  final Credential credential =
      new Credential(Secret.of("puller"), Secret.of(canary.value()), null, null);
  final List<AutoCloseable> started = new ArrayList<>();
  final List<String> said = new CopyOnWriteArrayList<>();
  TestCertificates authority;

  @BeforeEach
  void certify() {
    authority = TestCertificates.create(directory);
  }

  @AfterEach
  void theCredentialIsNowhere() throws Exception {
    for (AutoCloseable one : started) {
      one.close();
    }
    assertThat(said).isNotEmpty();
    canary.assertAbsentFrom(String.join("\n", said), "what the probe says");
  }

  StandIn start(String host, StandIn.Answers answers) {
    StandIn server = StandIn.start(authority.server(host).serverContext(), answers);
    started.add(server);
    return server;
  }

  ProbeAnswer ask(String host, int port) {
    return ask(new ProbeSettings(null, List.of(), List.of()), host, port);
  }

  ProbeAnswer ask(ProbeSettings settings, String host, int port) {
    ProbeAnswer answer = probe(settings).ask(question(host + ":" + port));
    said.add(answer.toString());
    return answer;
  }

  static OciRegistryProbe probe(ProbeSettings settings) {
    return new OciRegistryProbe(settings, _ -> loopback(), System::nanoTime, Wire.STEP);
  }

  Question question(String address) {
    try {
      var trust = new Trust(Secret.of(Files.readString(authority.ca())), null, null, false);
      var images = Set.of(ImageReference.parse(address + "/acme/base:1").orElseThrow());
      return new Question(new RegistryAddress(address), credential, trust, images);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static InetAddress[] loopback() {
    return new InetAddress[] {InetAddress.getLoopbackAddress()};
  }

  static Answer bearer(String realm) {
    return Answer.registry(401)
        .with("WWW-Authenticate: Bearer realm=\"" + realm + "\",service=\"s\"");
  }
}
