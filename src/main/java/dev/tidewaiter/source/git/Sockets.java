package dev.tidewaiter.source.git;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/// The sockets of one conversation over https, which another thread can close all at once.
///
/// The JDK's https client takes a socket from here that is not connected, or one that leads through
/// a proxy already, and has TLS laid over it here. The plain one is kept: closing it ends whatever
/// waits in TLS, where closing the other might wait as well. Nothing connects in another way, so
/// the JDK's last resort, around a proxy, is refused.
final class Sockets extends SSLSocketFactory implements AutoCloseable {
  private final SSLSocketFactory tls;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private Sockets(SSLSocketFactory tls) {
    this.tls = tls;
  }

  /// @param trust who may vouch for the server
  static Sockets trusting(TrustManager[] trust) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust, null);
      return new Sockets(context.getSocketFactory());
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS is not available", e);
    }
  }

  @Override
  public Socket createSocket() throws IOException {
    return kept(new Socket(Proxy.NO_PROXY));
  }

  @Override
  public Socket createSocket(Socket plain, String host, int port, boolean autoClose)
      throws IOException {
    return tls.createSocket(kept(plain), host, port, autoClose);
  }

  @Override
  public void close() {
    closed = true;
    open.forEach(Sockets::close);
  }

  private Socket kept(Socket plain) throws IOException {
    open.add(plain);
    if (closed) {
      close(plain);
      throw new SocketException("the conversation has been ended");
    }
    return plain;
  }

  private static void close(Socket plain) {
    try {
      plain.close();
    } catch (IOException _) {
      // It is not used any more, whatever became of it.
    }
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return tls.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return tls.getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw notHere();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    throw notHere();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw notHere();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    throw notHere();
  }

  private static IOException notHere() {
    return new SocketException("no connection is made here");
  }
}
