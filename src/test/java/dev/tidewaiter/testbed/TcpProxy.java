package dev.tidewaiter.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Passes connections on to a port of this machine, until it is cut.
public final class TcpProxy implements AutoCloseable {
  /// The type of a TLS record with which a connection begins; RFC 8446, section 5.1.
  private static final int HANDSHAKE = 22;

  private final int target;
  private final boolean tls;
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;

  public TcpProxy(int target) {
    this(target, true);
  }

  private TcpProxy(int target, boolean tls) {
    this.target = target;
    this.tls = tls;
    try {
      this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Not a virtual one: where it waits, `close` leaves the port open until it has run again.
    Thread.ofPlatform().daemon().start(this::accept);
  }

  /// For a server without TLS that waits for the end of the line where a client begins with TLS, as
  /// the JDK's does: others answer, or hang up as this proxy.
  public static TcpProxy withoutTls(int target) {
    return new TcpProxy(target, false);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// Breaks every connection, and each new one until it is mended.
  public void cut() {
    cut = true;
    breakAll();
  }

  /// Breaks every connection once.
  public void breakAll() {
    open.forEach(TcpProxy::end);
    open.clear();
  }

  public void mend() {
    cut = false;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        if (cut) {
          end(client);
          continue;
        }
        var server = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(client);
        open.add(server);
        Thread.ofVirtual().start(() -> passIfWelcome(client, server));
        Thread.ofVirtual().start(() -> pass(server, client));
      } catch (IOException _) {
        // Closed, or the server does not listen: the client sees its connection end.
      }
    }
  }

  private void passIfWelcome(Socket client, Socket server) {
    try {
      int first = client.getInputStream().read();
      if (first < 0 || (first == HANDSHAKE && !tls)) {
        end(client);
        end(server);
        return;
      }
      server.getOutputStream().write(first);
    } catch (IOException _) {
      // The rest tells the other side.
    }
    pass(client, server);
  }

  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      long _ = from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException _) {
      // One side is gone; closing tells the other.
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // It was closed already.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    breakAll();
  }
}
