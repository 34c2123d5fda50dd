package dev.tidewaiter.intake.trust;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/// One TLS handshake with a server, and what it means if there is none.
final class Exchange implements AutoCloseable {
  /// Enough for HTTP on a connection that is there already.
  private static final Duration HTTP = Duration.ofSeconds(2);

  private final Endpoint endpoint;
  private final Duration limit;
  private final Route route;
  private boolean connected;

  /// @param limit for a connection, and for the first answer on it
  Exchange(Reach reach, Endpoint endpoint, Duration limit) {
    this.endpoint = endpoint;
    this.limit = limit;
    this.route = new Route(reach, endpoint, limit);
  }

  Fetched run() {
    try {
      ObservedSocket socket = route.open();
      connected = true;
      socket.setSoTimeout((int) limit.toMillis());
      return handshake(socket);
    } catch (UnreachedException e) {
      return e.why();
    } catch (IOException e) {
      return without(e);
    }
  }

  /// Ends what is under way, from any thread.
  @Override
  public void close() {
    route.close();
  }

  private Fetched handshake(ObservedSocket socket) throws IOException {
    var recorder = new Recorder();
    try (SSLSocket tls = layered(socket, recorder)) {
      SSLParameters parameters = tls.getSSLParameters();
      if (!endpoint.isIpAddress()) {
        parameters.setServerNames(List.of(new SNIHostName(endpoint.host())));
      }
      tls.setSSLParameters(parameters);
      tls.startHandshake();
      return new Fetched.Presented(recorder.chain(), true);
    } catch (IOException e) {
      // A server may want a client's certificate, and has shown its own before it says so.
      if (recorder.chain().isEmpty()) {
        throw e;
      }
      return new Fetched.Presented(recorder.chain(), false);
    }
  }

  private SSLSocket layered(ObservedSocket socket, Recorder recorder) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {recorder}, null);
      return (SSLSocket)
          context.getSocketFactory().createSocket(socket, endpoint.host(), endpoint.port(), true);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS", e);
    }
  }

  private Fetched without(IOException e) {
    boolean silent = route.socket().isSilent();
    if (route.socket().speaksHttp() || (connected && silent && answersHttp())) {
      return new Fetched.Without(
          "speaks plain HTTP at this port, so it has no certificate",
          "Give the port at which it speaks TLS; a registry without any needs `tls.insecure`.");
    }
    return switch (e) {
      case UnknownHostException _ ->
          new Fetched.Without("is a name that cannot be resolved", "Look at the name.");
      case SocketTimeoutException _ when connected ->
          new Fetched.Without(
              "does not answer: it was silent for " + limit.toSeconds() + " s",
              "Look at the port: something else than TLS may be spoken there.");
      case SocketTimeoutException _ ->
          new Fetched.Without(
              "did not take the connection within " + limit.toSeconds() + " s",
              "Look at the address, and at firewalls on the way to it.");
      case ConnectException _ -> new Fetched.Without("refuses the connection", "Look at the port.");
      case NoRouteToHostException _ ->
          new Fetched.Without("cannot be reached: there is no route to it", "Look at the network.");
      case SSLException _ when !silent ->
          new Fetched.Without(
              "breaks off the TLS handshake before it presents a certificate",
              "It may know no version of TLS from 1.2 on, or no such host name.");
      default ->
          new Fetched.Without(
              "closed the connection before it presented a certificate",
              "Look at the port: something else than TLS may be spoken there.");
    };
  }

  /// Many a server of HTTP waits for the end of a line, which TLS has none of.
  private boolean answersHttp() {
    try {
      ObservedSocket socket = route.open();
      socket.setSoTimeout((int) HTTP.toMillis());
      String request =
          "HEAD / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(endpoint);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream answer = socket.getInputStream();
      while (!socket.speaksHttp() && answer.read() >= 0) {
        // As much as it takes to know.
      }
      return socket.speaksHttp();
    } catch (IOException _) {
      return false;
    }
  }
}
