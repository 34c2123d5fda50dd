package dev.tidewaiter.source.git;

import dev.tidewaiter.model.HttpProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.security.GeneralSecurityException;
import javax.net.ssl.TrustManager;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.JDKHttpConnection;
import org.jspecify.annotations.Nullable;

/// The https connections of one conversation: our trust and our proxy, whatever the JVM's are. The
/// JDK checks the host name against the certificate.
final class HttpConnections implements HttpConnectionFactory {
  private final URI origin;
  private final TrustManager[] trust;
  private final @Nullable HttpProxy proxy;
  private final Answers answers;

  HttpConnections(URI origin, TrustManager[] trust, @Nullable HttpProxy proxy, Answers answers) {
    this.origin = origin;
    this.trust = trust;
    this.proxy = proxy;
    this.answers = answers;
  }

  @Override
  public HttpConnection create(URL url) throws IOException {
    var connection = new Connection(url, route(url.getHost()));
    try {
      connection.configure(null, trust, null);
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS is not available", e);
    }
    return connection;
  }

  /// JGit's proxy comes from the JVM's properties and is not used.
  @Override
  public HttpConnection create(URL url, Proxy ofTheJvm) throws IOException {
    return create(url);
  }

  private Proxy route(String host) {
    return proxy == null || proxy.exempts(host)
        ? Proxy.NO_PROXY
        : new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.host(), proxy.port()));
  }

  private boolean isOrigin(URL url) {
    return url.getProtocol().equalsIgnoreCase(origin.getScheme())
        && url.getHost().equalsIgnoreCase(origin.getHost())
        && port(url.getPort()) == port(origin.getPort());
  }

  private static int port(int port) {
    return port < 0 ? 443 : port;
  }

  private final class Connection extends JDKHttpConnection {
    Connection(URL url, Proxy route) throws IOException {
      super(url, route);
    }

    /// Drops the token on a redirect to another host or port: JGit would send it there.
    @Override
    public void setRequestProperty(String key, String value) {
      if (!"Authorization".equalsIgnoreCase(key) || isOrigin(getURL())) {
        super.setRequestProperty(key, value);
      }
    }

    @Override
    public int getResponseCode() throws IOException {
      int status = super.getResponseCode();
      answers.httpStatus(status);
      return status;
    }
  }
}
