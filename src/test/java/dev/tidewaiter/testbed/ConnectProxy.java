package dev.tidewaiter.testbed;

import dev.tidewaiter.model.HttpProxy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;

/// An HTTP proxy that knows `CONNECT` only, and takes every host name for the loopback address, so
/// that a server of a test can be any host of the world.
public final class ConnectProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> targets = new CopyOnWriteArrayList<>();

  private final ToIntFunction<String> ports;

  private ConnectProxy(ToIntFunction<String> ports) throws IOException {
    this.ports = ports;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  public static ConnectProxy start() {
    return start(ConnectProxy::portOf);
  }

  /// Whatever a client asks for, it gets this port.
  public static ConnectProxy leadingTo(int port) {
    return start(_ -> port);
  }

  /// @param ports of the loopback address, by the `host:port` that is asked for; the same port for
  ///   all others
  public static ConnectProxy start(Map<String, Integer> ports) {
    return start(target -> ports.getOrDefault(target, portOf(target)));
  }

  private static int portOf(String target) {
    return Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
  }

  private static ConnectProxy start(ToIntFunction<String> ports) {
    try {
      return new ConnectProxy(ports);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /// This, as a client's settings have it.
  public HttpProxy exempting(String... hosts) {
    return new HttpProxy("127.0.0.1", listener.getLocalPort(), List.of(hosts));
  }

  /// The `host:port` of each tunnel that was asked for.
  public List<String> targets() {
    return List.copyOf(targets);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    try {
      while (!listener.isClosed()) {
        Socket client = listener.accept();
        threads.execute(() -> serve(client));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket client) {
    try (client) {
      String request = head(client.getInputStream());
      String target = request.split(" ", 3)[1];
      targets.add(target);
      try (Socket server = new Socket(InetAddress.getLoopbackAddress(), ports.applyAsInt(target))) {
        client
            .getOutputStream()
            .write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        threads.execute(() -> copy(client, server));
        copy(server, client);
      }
    } catch (IOException e) {
      // One side went away; so does the tunnel.
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      OutputStream output = to.getOutputStream();
      from.getInputStream().transferTo(output);
      to.shutdownOutput();
    } catch (IOException e) {
      // One side went away; so does the tunnel.
    }
  }

  private static String head(InputStream input) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int read = input.read();
      if (read < 0) {
        throw new IOException("no request");
      }
      head.append((char) read);
    }
    return head.toString();
  }
}
