package dev.tidewaiter.intake.trust;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/// One connection to a server, up to the end of the TLS handshake.
final class Exchange {
  private static final int LONGEST_HEAD_BYTES = 8 << 10;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})\\b");

  private final Reach reach;
  private final Endpoint endpoint;
  private final Duration connect;
  private volatile ObservedSocket socket = new ObservedSocket();

  Exchange(Reach reach, Endpoint endpoint, Duration connect) {
    this.reach = reach;
    this.endpoint = endpoint;
    this.connect = connect;
  }

  Fetched run() {
    try {
      Optional<URI> proxy = reach.proxyFor(endpoint.host());
      if (proxy.isPresent()) {
        return throughProxy(proxy.get());
      }
      InetAddress[] addresses = InetAddress.getAllByName(endpoint.host());
      for (InetAddress address : addresses) {
        if (reach.refuses(address)) {
          return refused(address);
        }
      }
      connect(addresses);
      return handshake();
    } catch (IOException e) {
      return unreachable(e);
    }
  }

  /// Ends what is under way, from any thread.
  void close() {
    try {
      socket.close();
    } catch (IOException _) {
      // Nothing was to be kept of it.
    }
  }

  // The addresses that were looked at, not the name, which may mean another a moment later.
  private void connect(InetAddress... addresses) throws IOException {
    IOException last = new UnknownHostException(endpoint.host());
    for (InetAddress address : addresses) {
      try {
        socket.connect(
            new InetSocketAddress(address, endpoint.port()), (int) connect.toMillis());
        return;
      } catch (IOException e) {
        last = e;
        socket.close();
        socket = new ObservedSocket();
      }
    }
    throw last;
  }

  private Fetched throughProxy(URI proxy) throws IOException {
    if (endpoint.isIpAddress()) {
      InetAddress address = InetAddress.ofLiteral(endpoint.host());
      if (reach.refuses(address)) {
        return refused(address);
      }
    }
    int port = proxy.getPort() < 0 ? 80 : proxy.getPort();
    String host = Objects.requireNonNull(proxy.getHost(), "the schema wants a host");
    try {
      socket.connect(new InetSocketAddress(host, port), (int) connect.toMillis());
    } catch (IOException e) {
      return new Fetched.Without(
          "was not reached: the proxy " + host + ":" + port + " does not answer",
          "Look at `proxy` in the daemon's configuration.");
    }
    String request = "CONNECT %1$s HTTP/1.1\r\nHost: %1$s\r\n\r\n".formatted(endpoint);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    Matcher status = STATUS.matcher(head(socket.getInputStream()));
    if (!status.lookingAt() || !status.group(1).startsWith("2")) {
      return new Fetched.Without(
          "was not reached: the proxy "
              + host
              + ":"
              + port
              + (status.lookingAt() ? " answers " + status.group(1) : " speaks no HTTP"),
          "Allow it there, or add the host to `proxy.noProxy`.");
    }
    socket.forget();
    return handshake();
  }

  private static String head(InputStream input) throws IOException {
    var head = new StringBuilder();
    while (head.length() < LONGEST_HEAD_BYTES && head.indexOf("\r\n\r\n") < 0) {
      int read = input.read();
      if (read < 0) {
        break;
      }
      head.append((char) read);
    }
    return head.toString();
  }

  private Fetched handshake() throws IOException {
    var recorder = new Recorder();
    try (SSLSocket tls = layered(recorder)) {
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

  private SSLSocket layered(Recorder recorder) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {recorder}, null);
      return (SSLSocket)
          context.getSocketFactory().createSocket(socket, endpoint.host(), endpoint.port(), true);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS", e);
    }
  }

  private static Fetched refused(InetAddress address) {
    return new Fetched.Without(
        "was not asked: its address "
            + address.getHostAddress()
            + " is one that is never connected to",
        "Link-local and metadata addresses, and `probe.deniedNetworks`, are refused.");
  }

  private Fetched unreachable(IOException e) {
    if (socket.speaksHttp()) {
      return new Fetched.Without(
          "speaks plain HTTP at this port, so it has no certificate",
          "Give the port at which it speaks TLS; a registry without any needs `tls.insecure`.");
    }
    return switch (e) {
      case UnknownHostException _ ->
          new Fetched.Without("is a name that cannot be resolved", "Look at the name.");
      case SocketTimeoutException _ ->
          new Fetched.Without(
              "did not take the connection within " + connect.toSeconds() + " s",
              "Look at the address, and at firewalls on the way to it.");
      case ConnectException _ ->
          new Fetched.Without("refuses the connection", "Look at the port.");
      case NoRouteToHostException _ ->
          new Fetched.Without("cannot be reached: there is no route to it", "Look at the network.");
      case SSLException _ when !socket.isSilent() ->
          new Fetched.Without(
              "breaks off the TLS handshake before it presents a certificate",
              "It may know no version of TLS from 1.2 on, or no such host name.");
      default ->
          new Fetched.Without(
              "closed the connection before it presented a certificate",
              "Look at the port: something else than TLS may be spoken there.");
    };
  }
}
