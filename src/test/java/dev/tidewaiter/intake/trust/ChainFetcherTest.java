package dev.tidewaiter.intake.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tidewaiter.model.HttpProxy;
import dev.tidewaiter.model.Network;
import dev.tidewaiter.model.RegistryAddress;
import dev.tidewaiter.registry.DeniedAddresses;
import dev.tidewaiter.testbed.ConnectProxy;
import dev.tidewaiter.testbed.TestBed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against real TLS servers, and others.
class ChainFetcherTest {
  private static final TestChain ROOT = TestChain.authority("the authority");

  @Test
  void fetchesWhatIsPresentedInItsOrder() {
    TestChain chain = ROOT.intermediate("an intermediate").server("localhost");
    try (TlsServer server = TlsServer.showing(chain)) {
      assertThat(direct("localhost", server.port()))
          .isEqualTo(new Fetched.Presented(chain.certificates(), true));
    }
  }

  @Test
  void asksForTheHostByItsName() {
    TestChain one = ROOT.server("one.acme.example");
    TestChain other = ROOT.server("other.acme.example");
    try (TlsServer server =
            TlsServer.showing(
                Map.of("one.acme.example", one, "other.acme.example", other, TlsServer.ANY, ROOT));
        ConnectProxy proxy = ConnectProxy.start()) {
      Reach reach = through(proxy.exempting());
      assertThat(presented(reach, "one.acme.example", server.port())).isEqualTo(one.own());
      assertThat(presented(reach, "other.acme.example", server.port())).isEqualTo(other.own());
      assertThat(proxy.targets())
          .containsExactly(
              "one.acme.example:" + server.port(), "other.acme.example:" + server.port());
    }
  }

  @Test
  void goesAroundTheProxyForExemptHosts() {
    try (TlsServer server = TlsServer.showing(ROOT.server("localhost"));
        ConnectProxy proxy = ConnectProxy.start()) {
      Reach reach = through(proxy.exempting("localhost"));
      assertThat(presented(reach, "localhost", server.port())).isNotNull();
      assertThat(proxy.targets()).isEmpty();
    }
  }

  @Test
  void sendsNoNameForAnAddress() {
    TestChain ofAddress = ROOT.server("127.0.0.1");
    try (TlsServer server =
        TlsServer.showing(Map.of(TlsServer.ANY, ofAddress, "127.0.0.1", ROOT))) {
      assertThat(presented(Reach.direct(), "127.0.0.1", server.port())).isEqualTo(ofAddress.own());
    }
  }

  @Test
  void hasTheChainOfAServerThatWantsAClientsCertificate() {
    TestChain chain = ROOT.server("localhost");
    try (TlsServer server = TlsServer.demanding(chain)) {
      assertThat(direct("localhost", server.port()))
          .isEqualTo(new Fetched.Presented(chain.certificates(), false));
    }
  }

  @Test
  void recognisesPlainHttp() throws IOException {
    // It waits for the end of a line that does not come.
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    try {
      assertThat(reason(patient(Duration.ofSeconds(1), server.getAddress().getPort())))
          .startsWith("speaks plain HTTP");
    } finally {
      server.stop(0);
    }
    try (var outspoken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() -> acceptAndAnswer(outspoken, "HTTP/1.1 400 Bad Request\r\n\r\n"));
      assertThat(reason(direct("localhost", outspoken.getLocalPort())))
          .startsWith("speaks plain HTTP");
    }
  }

  @Test
  void tellsRefusedUnresolvedAndClosedApart() throws IOException {
    assertThat(reason(direct("localhost", TestBed.freePort()))).isEqualTo("refuses the connection");
    assertThat(reason(direct("registry.invalid", 443)))
        .isEqualTo("is a name that cannot be resolved");
    try (var closing = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> acceptAndAnswer(closing, ""));
      assertThat(reason(direct("localhost", closing.getLocalPort())))
          .startsWith("closed the connection");
    }
  }

  @Test
  void waitsForNobodyLongerThanItsLimit() throws IOException {
    // It takes the connection, in the kernel, and never answers.
    try (var silent = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      assertThat(reason(patient(Duration.ofSeconds(30), silent.getLocalPort())))
          .isEqualTo("did not present certificates within 5 s");
      assertThat(reason(patient(Duration.ofSeconds(1), silent.getLocalPort())))
          .isEqualTo("does not answer: it was silent for 1 s");
    }
  }

  @Test
  void saysWhatTheProxyAnswers() throws IOException {
    HttpServer proxy =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    proxy.start();
    try {
      int port = proxy.getAddress().getPort();
      Reach reach = through(new HttpProxy("localhost", port, List.of()));
      assertThat(reason(new ChainFetcher(reach).fetch(endpoint("quay.io", 443))))
          .matches("was not reached: the proxy localhost:[0-9]+ answers 4[0-9][0-9]");
    } finally {
      proxy.stop(0);
    }
    Reach nobody = through(new HttpProxy("localhost", TestBed.freePort(), List.of()));
    assertThat(reason(new ChainFetcher(nobody).fetch(endpoint("quay.io", 443))))
        .endsWith("does not answer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "2852039166",
        "100.100.100.200",
        "192.0.0.192",
        "224.0.0.1",
        "0.0.0.0"
      })
  void neverConnectsToMetadata(String host) {
    assertThat(reason(direct(host, 80))).contains("is one that is never connected to");
    Reach proxied = through(new HttpProxy("localhost", 1, List.of()));
    assertThat(reason(new ChainFetcher(proxied).fetch(endpoint(host, 80))))
        .contains("is one that is never connected to");
  }

  @Test
  void refusesDeniedNetworks() throws IOException {
    var loopback = List.of(Network.parse("127.0.0.0/8"), Network.parse("::1/128"));
    Reach reach = new Reach(null, new DeniedAddresses(loopback));
    assertThat(reason(new ChainFetcher(reach).fetch(endpoint("localhost", 443))))
        .contains("is one that is never connected to");
  }

  private static X509Certificate presented(Reach reach, String host, int port) {
    if (new ChainFetcher(reach).fetch(endpoint(host, port))
        instanceof Fetched.Presented(List<X509Certificate> chain, boolean _)) {
      return chain.getFirst();
    }
    throw new AssertionError("nothing was presented");
  }

  private static Reach through(HttpProxy proxy) {
    return new Reach(proxy, new DeniedAddresses(List.of()));
  }

  private static Fetched direct(String host, int port) {
    return new ChainFetcher(Reach.direct()).fetch(endpoint(host, port));
  }

  private static String reason(Fetched fetched) {
    return fetched instanceof Fetched.Without(String reason, String _) ? reason : "presented";
  }

  private static Endpoint endpoint(String host, int port) {
    return new Endpoint(new RegistryAddress(host + ":" + port));
  }

  private static Fetched patient(Duration step, int port) {
    var limits = new ChainFetcher.Limits(step, Duration.ofSeconds(5));
    return new ChainFetcher(Reach.direct(), limits).fetch(endpoint("localhost", port));
  }

  private static void acceptAndAnswer(ServerSocket listener, String answer) {
    while (!listener.isClosed()) {
      try (Socket accepted = listener.accept()) {
        accepted.getInputStream().readNBytes(1);
        accepted.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        // The client was faster, or the test is over.
      }
    }
  }
}
