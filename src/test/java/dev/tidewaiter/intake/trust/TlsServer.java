package dev.tidewaiter.intake.trust;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// A real TLS server on the loopback address that shows one chain for each server name it is asked
/// for, and closes the connection after the handshake.
final class TlsServer implements AutoCloseable {
  /// The name for whoever asks for none, or for another.
  static final String ANY = "any";

  private final SSLServerSocket listener;

  private TlsServer(SSLServerSocket listener) {
    this.listener = listener;
    Thread.ofVirtual().start(this::accept);
  }

  static TlsServer showing(TestChain chain) {
    return showing(Map.of(ANY, chain));
  }

  static TlsServer showing(Map<String, TestChain> chains) {
    return new TlsServer(listener(chains));
  }

  /// One that wants a certificate of its client.
  static TlsServer demanding(TestChain chain) {
    SSLServerSocket listener = listener(Map.of(ANY, chain));
    listener.setEnabledProtocols(new String[] {"TLSv1.2"});
    listener.setNeedClientAuth(true);
    return new TlsServer(listener);
  }

  private static SSLServerSocket listener(Map<String, TestChain> chains) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {new ByServerName(chains)}, null, null);
      return (SSLServerSocket)
          context
              .getServerSocketFactory()
              .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no TLS", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    try {
      while (!listener.isClosed()) {
        Socket socket = listener.accept();
        Thread.ofVirtual().start(() -> serve((SSLSocket) socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private static void serve(SSLSocket socket) {
    try (socket) {
      socket.startHandshake();
    } catch (IOException e) {
      // The client went away, or has no certificate.
    }
  }

  /// Chooses the key by the name that the client asks for.
  private static final class ByServerName extends X509ExtendedKeyManager {
    private final Map<String, TestChain> chains;

    ByServerName(Map<String, TestChain> chains) {
      this.chains = chains;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, Socket socket) {
      var session = (ExtendedSSLSession) ((SSLSocket) socket).getHandshakeSession();
      String asked =
          session.getRequestedServerNames().stream()
              .filter(SNIHostName.class::isInstance)
              .map(name -> ((SNIHostName) name).getAsciiName())
              .findFirst()
              .orElse(ANY);
      return keyType.startsWith("EC") ? (chains.containsKey(asked) ? asked : ANY) : null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      TestChain chain = chains.get(alias);
      return chain == null ? null : chain.certificates().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      TestChain chain = chains.get(alias);
      return chain == null ? null : chain.key();
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return chains.keySet().toArray(String[]::new);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }
  }
}
