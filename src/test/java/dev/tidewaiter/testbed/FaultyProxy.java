package dev.tidewaiter.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// A TCP proxy before a server, which passes everything on until it is told to be faulty.
///
/// It notes the first line of each request of HTTP/1.1 that begins a packet, so that tests can
/// count requests.
public final class FaultyProxy implements AutoCloseable {
  private final ServerSocket listening;
  private final InetSocketAddress server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile Fault fault = new Fault.None();

  /// What goes wrong, from now on.
  public sealed interface Fault {
    /// Nothing.
    record None() implements Fault {}

    /// What the client sends is passed on late.
    ///
    /// @param concerns which packets, as text
    record Delay(Duration by, Predicate<String> concerns) implements Fault {}

    /// The connection ends instead of a packet being passed on.
    record Cut(Predicate<String> concerns) implements Fault {}

    /// Packets are taken and never passed on; the connection stays.
    record BlackHole(Predicate<String> concerns) implements Fault {}
  }

  private FaultyProxy(ServerSocket listening, InetSocketAddress server) {
    this.listening = listening;
    this.server = server;
  }

  /// Listens on a free port of 127.0.0.1.
  public static FaultyProxy before(String host, int port) {
    try {
      var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      var proxy = new FaultyProxy(socket, new InetSocketAddress(host, port));
      // Not a virtual one: where it waits, `close` leaves the port open until it has run again.
      Thread.ofPlatform().daemon().name("faulty-proxy").start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listening.getLocalPort();
  }

  /// Becomes faulty, or healthy again with [Fault.None], for open connections as well.
  public void become(Fault next) {
    fault = next;
  }

  /// Ends every open connection at once.
  public void cutAll() {
    open.forEach(FaultyProxy::end);
  }

  /// The request lines so far.
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /// How many request lines contain a text.
  public long count(String text) {
    return requests.stream().filter(line -> line.contains(text)).count();
  }

  /// Forgets the request lines.
  public void clear() {
    requests.clear();
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cutAll();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        open.add(client);
        Socket upstream = new Socket();
        open.add(upstream);
        upstream.connect(server, 2_000);
        Thread.ofVirtual().start(() -> pass(client, upstream));
        Thread.ofVirtual().start(() -> copyBack(upstream, client));
      } catch (IOException e) {
        if (!listening.isClosed()) {
          cutAll();
        }
      }
    }
  }

  private void pass(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      var buffer = new byte[64 * 1024];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        String text = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
        if (text.matches("(?s)(GET|POST|PUT|DELETE|LIST|PATCH|HEAD) .*")) {
          requests.add(text.lines().findFirst().orElse(""));
        }
        if (!letsThrough(text)) {
          continue;
        }
        out.write(buffer, 0, read);
        out.flush();
      }
    } catch (IOException e) {
      end(from);
      end(to);
    }
  }

  /// @throws IOException if the connection is to be cut
  private boolean letsThrough(String text) throws IOException {
    return switch (fault) {
      case Fault.None _ -> true;
      case Fault.Delay delay -> {
        if (delay.concerns().test(text)) {
          LockSupport.parkNanos(delay.by().toNanos());
        }
        yield true;
      }
      case Fault.Cut cut -> {
        if (cut.concerns().test(text)) {
          throw new IOException("cut, as the test wants it");
        }
        yield true;
      }
      case Fault.BlackHole hole -> !hole.concerns().test(text);
    };
  }

  private static void copyBack(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      end(to);
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
