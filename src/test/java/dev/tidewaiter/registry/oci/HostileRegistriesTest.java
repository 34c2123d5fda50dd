package dev.tidewaiter.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.Credential;
import dev.tidewaiter.model.HttpProxy;
import dev.tidewaiter.model.ImageReference;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.registry.RegistryProbe.ProbeAnswer;
import dev.tidewaiter.registry.RegistryProbe.Question;
import dev.tidewaiter.registry.RegistryProbe.Trust;
import dev.tidewaiter.registry.oci.StandIn.Answer;
import dev.tidewaiter.registry.oci.StandIn.Request;
import dev.tidewaiter.testbed.TestBed;
import dev.tidewaiter.testbed.TestCertificates;
import dev.tidewaiter.testing.Canary;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Servers that want the credential for somebody else, or the probe's time and memory. Whatever
/// they do, the credential is in no answer and at no other host.
class HostileRegistriesTest {
  private static final Duration SHORT = Duration.ofSeconds(2);

  @TempDir Path directory;
  private final Canary canary = new Canary("password");
  private final Credential credential =
      new Credential(Secret.of("puller"), Secret.of(canary.value()), null, null);
  private final List<AutoCloseable> started = new ArrayList<>();
  private final List<String> said = new CopyOnWriteArrayList<>();
  private TestCertificates authority;

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

  @ParameterizedTest
  @ValueSource(ints = {200, 401, 403, 404, 429, 500, 503})
  void aPortalIsNoRegistry(int status) {
    StandIn portal = start("registry.example", _ -> Answer.of(status).html());
    assertThat(ask("registry.example", portal.port())).isInstanceOf(ProbeAnswer.Unreachable.class);
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

  private StandIn start(String host, StandIn.Answers answers) {
    StandIn server = StandIn.start(authority.server(host).serverContext(), answers);
    started.add(server);
    return server;
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

  private ProbeAnswer ask(String host, int port) {
    return ask(new ProbeSettings(null, List.of(), List.of()), host, port);
  }

  private ProbeAnswer ask(ProbeSettings settings, String host, int port) {
    ProbeAnswer answer = probe(settings).ask(question(host + ":" + port));
    said.add(answer.toString());
    return answer;
  }

  private static OciRegistryProbe probe(ProbeSettings settings) {
    return new OciRegistryProbe(settings, _ -> loopback(), System::nanoTime, Wire.STEP);
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

  private Question question(String address) {
    try {
      var trust = new Trust(Secret.of(Files.readString(authority.ca())), null, null, false);
      var images = Set.of(ImageReference.parse(address + "/acme/base:1").orElseThrow());
      return new Question(new RegistryAddress(address), credential, trust, images);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InetAddress[] loopback() {
    return new InetAddress[] {InetAddress.getLoopbackAddress()};
  }

  private static Answer bearer(String realm) {
    return Answer.registry(401)
        .with("WWW-Authenticate: Bearer realm=\"" + realm + "\",service=\"s\"");
  }
}
