package dev.tidewaiter.intake.trust;

import dev.tidewaiter.model.HttpProxy;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The way to a server, directly or through a proxy, for one connection after the other.
final class Route implements AutoCloseable {
  private static final int LONGEST_HEAD_BYTES = 8 << 10;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})\\b");

  private final Reach reach;
  private final Endpoint endpoint;
  private final Duration connect;
  private volatile ObservedSocket socket = new ObservedSocket();

  /// @param connect how long each address is tried
  Route(Reach reach, Endpoint endpoint, Duration connect) {
    this.reach = reach;
    this.endpoint = endpoint;
    this.connect = connect;
  }

  /// The newest connection.
  ObservedSocket socket() {
    return socket;
  }

  /// Connects anew.
  ///
  /// @throws UnreachedException if an address is refused, or the proxy does not let us through
  ObservedSocket open() throws IOException {
    close();
    socket = new ObservedSocket();
    Optional<HttpProxy> proxy = reach.proxyFor(endpoint.host());
    if (proxy.isPresent()) {
      throughProxy(proxy.get());
    } else {
      InetAddress[] addresses = InetAddress.getAllByName(endpoint.host());
      for (InetAddress address : addresses) {
        if (reach.denied().contains(address)) {
          throw refusal(address);
        }
      }
      connect(addresses);
    }
    return socket;
  }

  /// Ends what is under way, from any thread.
  @Override
  public void close() {
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
        socket.connect(new InetSocketAddress(address, endpoint.port()), (int) connect.toMillis());
        return;
      } catch (IOException e) {
        last = e;
        close();
        socket = new ObservedSocket();
      }
    }
    throw last;
  }

  private void throughProxy(HttpProxy proxy) throws IOException {
    Optional<InetAddress> refused = reach.denied().writtenAs(endpoint.host());
    if (refused.isPresent()) {
      throw refusal(refused.get());
    }
    String name = "was not reached: the proxy " + proxy.host() + ":" + proxy.port();
    try {
      socket.connect(new InetSocketAddress(proxy.host(), proxy.port()), (int) connect.toMillis());
    } catch (IOException _) {
      throw new UnreachedException(
          new Fetched.Without(
              name + " does not answer", "Look at `proxy` in the daemon's configuration."));
    }
    String request = "CONNECT %1$s HTTP/1.1\r\nHost: %1$s\r\n\r\n".formatted(endpoint);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    Matcher status = STATUS.matcher(head(socket.getInputStream()));
    if (!status.lookingAt() || !status.group(1).startsWith("2")) {
      String answer = status.lookingAt() ? " answers " + status.group(1) : " speaks no HTTP";
      throw new UnreachedException(
          new Fetched.Without(
              name + answer, "Allow it there, or add the host to `proxy.noProxy`."));
    }
    socket.forget();
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

  private static UnreachedException refusal(InetAddress address) {
    return new UnreachedException(
        new Fetched.Without(
            "was not asked: its address "
                + address.getHostAddress()
                + " is one that is never connected to",
            "Link-local and metadata addresses, and `probe.deniedNetworks`, are refused."));
  }
}
