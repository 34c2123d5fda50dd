package dev.tidewaiter.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.HttpProxy;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.registry.RegistryProbe.ProbeAnswer;
import dev.tidewaiter.registry.RegistryProbe.Question;
import dev.tidewaiter.registry.RegistryProbe.Trust;
import dev.tidewaiter.registry.oci.StandIn.Answer;
import dev.tidewaiter.testbed.TestBed;
import dev.tidewaiter.testbed.TestCertificates;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Servers that are not what they say, or want the probe's time and memory. Whatever they do, the
/// credential is in no answer.
class HostileRegistriesTest extends HostileScenario {
  private static final Duration SHORT = Duration.ofSeconds(2);

  @ParameterizedTest
  @ValueSource(ints = {200, 401, 403, 404, 429, 500, 503})
  void aPortalIsNoRegistry(int status) {
    StandIn portal = start("registry.example", _ -> Answer.of(status).html());
    assertThat(ask("registry.example", portal.port())).isInstanceOf(ProbeAnswer.Unreachable.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 407, 502})
  void whatAProxyAnswersIsNotTheRegistrys(int status) {
    String reply =
        "HTTP/1.1 %d No\r\nWWW-Authenticate: Basic realm=\"r\"\r\nDocker-Distribution-Api-Version: registry/2.0\r\nContent-Length: 0\r\n\r\n"
            .formatted(status);
    int proxy = raw(null, output -> output.write(reply.getBytes(StandardCharsets.US_ASCII)));
    var settings =
        new ProbeSettings(new HttpProxy("127.0.0.1", proxy, List.of()), List.of(), List.of());
    for (boolean insecure : new boolean[] {false, true}) {
      var question =
          new Question(
              new RegistryAddress("registry.example"),
              credential,
              new Trust(null, null, null, insecure),
              Set.of());
      ProbeAnswer answer =
          new OciRegistryProbe(settings, _ -> loopback(), System::nanoTime, Wire.STEP)
              .ask(question);
      said.add(answer.toString());
      assertThat(answer)
          .isEqualTo(new ProbeAnswer.Unreachable("registry.example: the proxy answered " + status));
    }
  }

  @Test
  void anEndlessBodyIsNotRead() {
    byte[] block = new byte[8192];
    int port =
        raw(
            authority.server("registry.example"),
            output -> {
              output.write(
                  "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
                      .getBytes(StandardCharsets.US_ASCII));
              while (true) {
                output.write(block);
              }
            });
    assertThat(ask("registry.example", port))
        .isEqualTo(
            new ProbeAnswer.Unreachable(
                "registry.example:" + port + ": the answer is larger than 64 KiB"));
  }

  @Test
  void aByteAtATimeEndsInTime() {
    int port =
        raw(
            authority.server("registry.example"),
            output -> {
              output.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
              while (true) {
                output.write('x');
                output.flush();
                pause(100);
              }
            });
    long start = System.nanoTime();
    assertThat(askBriefly("registry.example", port))
        .isEqualTo(
            new ProbeAnswer.Unreachable(
                "registry.example:" + port + ": no complete answer in time"));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plusSeconds(10));
  }

  @Test
  void aServerThatSaysNothingEndsInTime() {
    int port = raw(null, _ -> pause(SHORT.multipliedBy(2).toMillis()));
    assertThat(askBriefly("registry.example", port)).isInstanceOf(ProbeAnswer.Unreachable.class);
  }

  @Test
  void aNameOfAMetadataAddressIsNotConnectedTo() {
    var probe =
        new OciRegistryProbe(
            new ProbeSettings(null, List.of(), List.of()),
            _ -> new InetAddress[] {InetAddress.ofLiteral("169.254.169.254")},
            System::nanoTime,
            Wire.STEP);
    for (boolean insecure : new boolean[] {false, true}) {
      ProbeAnswer answer =
          probe.ask(
              new Question(
                  new RegistryAddress("metadata.example"),
                  credential,
                  new Trust(null, null, null, insecure),
                  Set.of()));
      said.add(answer.toString());
      assertThat(answer.toString()).contains("to which no probe connects");
    }
  }

  @Test
  void aNameThatChangesItsMindIsResolvedOnceForEachConnection() {
    StandIn registry = start("registry.example", _ -> Answer.registry(200).json("{}"));
    var asked = new AtomicInteger();
    CheckedNames.Names changing =
        _ ->
            asked.incrementAndGet() == 1
                ? loopback()
                : new InetAddress[] {InetAddress.ofLiteral("169.254.169.254")};
    var probe =
        new OciRegistryProbe(
            new ProbeSettings(null, List.of(), List.of()), changing, System::nanoTime, Wire.STEP);
    ProbeAnswer answer = probe.ask(question("registry.example:" + registry.port()));
    said.add(answer.toString());
    assertThat(answer).isInstanceOf(ProbeAnswer.Accepted.class);
    assertThat(asked).hasValue(1);
  }

  @Test
  void anInsecureRegistryThatHasTlsIsNotAskedWithoutItLater() {
    int closed = TestBed.freePort();
    StandIn registry =
        start("registry.example", _ -> bearer("https://registry.example:" + closed + "/token"));
    var question =
        new Question(
            new RegistryAddress("registry.example:" + registry.port()),
            credential,
            new Trust(null, null, null, true),
            Set.of());
    ProbeAnswer answer = probe(new ProbeSettings(null, List.of(), List.of())).ask(question);
    said.add(answer.toString());
    assertThat(answer.toString()).contains("it accepts no connection");
    assertThat(registry.requests()).hasSize(1);
  }

  @Test
  void aCertificateOfAnotherNameOrAuthorityIsNotTrusted() {
    StandIn other = start("other.example", _ -> Answer.registry(200).json("{}"));
    assertThat(ask("registry.example", other.port()).toString())
        .contains("its certificate is not trusted");
    var stranger = TestCertificates.create(directory.resolve("stranger"));
    StandIn unknown =
        StandIn.start(
            stranger.server("registry.example").serverContext(),
            _ -> Answer.registry(200).json("{}"));
    started.add(unknown);
    assertThat(ask("registry.example", unknown.port()).toString())
        .contains("its certificate is not trusted");
    assertThat(unknown.requests()).isEmpty();
  }

  @Test
  void nobodyListens() {
    assertThat(ask("registry.example", TestBed.freePort()).toString())
        .contains("it accepts no connection");
  }

  @Test
  void tooManyRequestsAreAnsweredWithARest() {
    StandIn busy = start("registry.example", _ -> Answer.registry(429).with("Retry-After: 60"));
    var probe = probe(new ProbeSettings(null, List.of(), List.of()));
    for (int i = 0; i < 2; i++) {
      ProbeAnswer answer = probe.ask(question("registry.example:" + busy.port()));
      said.add(answer.toString());
      assertThat(answer).isInstanceOf(ProbeAnswer.Unreachable.class);
    }
    assertThat(busy.requests()).hasSize(1);
  }

  private interface Talk {
    void to(OutputStream output) throws IOException;
  }

  /// A server that does not wait for a request.
  private int raw(TestCertificates.@Nullable Issued certificate, Talk talk) {
    try {
      ServerSocket listener =
          certificate == null
              ? new ServerSocket(0, 5, InetAddress.getLoopbackAddress())
              : certificate
                  .serverContext()
                  .getServerSocketFactory()
                  .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
      started.add(listener);
      Thread.ofVirtual().start(() -> accept(listener, talk));
      return listener.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void accept(ServerSocket listener, Talk talk) {
    while (!listener.isClosed()) {
      try (Socket socket = listener.accept()) {
        talk.to(socket.getOutputStream());
        socket.getOutputStream().flush();
        int _ = socket.getInputStream().read();
      } catch (IOException e) {
        // The probe went away, as it should.
      }
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The same, of a probe without patience.
  private ProbeAnswer askBriefly(String host, int port) {
    var settings = new ProbeSettings(null, List.of(), List.of());
    ProbeAnswer answer =
        new OciRegistryProbe(settings, _ -> loopback(), System::nanoTime, SHORT)
            .ask(question(host + ":" + port));
    said.add(answer.toString());
    return answer;
  }
}
