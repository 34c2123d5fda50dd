package dev.tidewaiter.registry.oci;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.io.DetachedSocketFactory;

/// The sockets of one question. They are closed when a step's time is over: the client's own limits
/// are on single reads, and a server that sends a byte a second keeps them.
final class TimedSockets implements DetachedSocketFactory {
  @GuardedBy("this")
  private final List<Socket> open = new ArrayList<>();

  @GuardedBy("this")
  private boolean over;

  @GuardedBy("this")
  private CountDownLatch current = new CountDownLatch(0);

  /// The time of one step; it ends when it is closed.
  interface Step extends AutoCloseable {
    @Override
    void close();
  }

  Step limitedTo(Duration limit) {
    var done = new CountDownLatch(1);
    begin(done);
    Thread.ofVirtual().start(() -> endAfter(limit, done));
    return done::countDown;
  }

  synchronized boolean isOver() {
    return over;
  }

  @Override
  public synchronized Socket create(Proxy ignored) throws IOException {
    if (over) {
      throw new SocketTimeoutException();
    }
    var socket = new Socket(Proxy.NO_PROXY);
    open.add(socket);
    return socket;
  }

  private synchronized void begin(CountDownLatch step) {
    current = step;
    over = false;
    open.removeIf(Socket::isClosed);
  }

  private void endAfter(Duration limit, CountDownLatch done) {
    try {
      if (!done.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        end(done);
      }
    } catch (InterruptedException _) {
      end(done);
    }
  }

  // Unless the step ended in this very moment, and the next has begun.
  private synchronized void end(CountDownLatch step) {
    if (!current.equals(step)) {
      return;
    }
    over = true;
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException _) {
        // It is of no use any more, which is all that is wanted.
      }
    }
    open.clear();
  }
}
