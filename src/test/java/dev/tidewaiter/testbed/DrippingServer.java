package dev.tidewaiter.testbed;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A server on a free loopback port that is never silent and never at an end: whatever it is asked,
/// it begins an answer, and goes on with one byte five times a second.
public final class DrippingServer implements AutoCloseable {
  /// A TLS record of 16 KiB, in the middle of the handshake.
  private static final String RECORD = "\u0016\u0003\u0003@\u0000\u0002";

  private static final String HEAD = "HTTP/1.1 200 OK\r\nX-Endless: ";

  private static final String BODY =
      "HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-advertisement\r\n"
          + "Content-Length: 1000000\r\n\r\n001e# service=git-upload-pack\n00000fff";

  private final ServerSocket listener;
  private final String beginning;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private DrippingServer(ServerSocket listener, String beginning) {
    this.listener = listener;
    this.beginning = beginning;
    threads.execute(this::accept);
  }

  /// In which part of its answer it never comes to the end.
  public enum Part {
    HANDSHAKE,
    HEAD,
    BODY
  }

  /// A Git server over https.
  public static DrippingServer start(TestCertificates.Issued certificate, Part part) {
    try {
      InetAddress loopback = InetAddress.getLoopbackAddress();
      var tls = certificate.serverContext().getServerSocketFactory();
      return switch (part) {
        case HANDSHAKE -> new DrippingServer(new ServerSocket(0, 50, loopback), RECORD);
        case HEAD -> new DrippingServer(tls.createServerSocket(0, 50, loopback), HEAD);
        case BODY -> new DrippingServer(tls.createServerSocket(0, 50, loopback), BODY);
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// Waits until somebody has asked.
  public void awaitAsked() throws InterruptedException {
    if (!asked.await(20, TimeUnit.SECONDS)) {
      throw new IllegalStateException("nobody has asked");
    }
  }

  @Override
  public void close() {
    closed.countDown();
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
        threads.execute(() -> drip(client));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void drip(Socket client) {
    try (client) {
      OutputStream output = client.getOutputStream();
      output.write(beginning.getBytes(StandardCharsets.ISO_8859_1));
      output.flush();
      asked.countDown();
      while (!closed.await(200, TimeUnit.MILLISECONDS)) {
        output.write('a');
        output.flush();
      }
    } catch (IOException e) {
      // The client went away.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
