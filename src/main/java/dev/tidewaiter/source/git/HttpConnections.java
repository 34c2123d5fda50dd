package dev.tidewaiter.source.git;

import dev.tidewaiter.model.HttpProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import javax.net.ssl.HttpsURLConnection;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.JDKHttpConnection;
import org.jspecify.annotations.Nullable;

/// The https connections of one conversation: our sockets and our proxy, whatever the JVM's are.
/// The JDK checks the host name against the certificate.
final class HttpConnections implements HttpConnectionFactory {
  private final URI origin;
  private final Sockets sockets;
  private final @Nullable HttpProxy proxy;
  private final Answers answers;

  HttpConnections(URI origin, Sockets sockets, @Nullable HttpProxy proxy, Answers answers) {
    this.origin = origin;
    this.sockets = sockets;
    this.proxy = proxy;
    this.answers = answers;
  }

  @Override
  public HttpConnection create(URL url) throws IOException {
    return new Connection(url, route(url.getHost()));
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

  /// The same URL, which opens with our sockets: what JGit opens cannot be given any afterwards
  /// that could be closed.
  private static URL through(Sockets sockets, URL url) throws IOException {
    try {
      return URL.of(url.toURI(), new Opening(url, sockets));
    } catch (URISyntaxException e) {
      throw new IOException("not the URL of a repository", e);
    }
  }

  private static int port(int port) {
    return port < 0 ? 443 : port;
  }

  private final class Connection extends JDKHttpConnection {
    Connection(URL url, Proxy route) throws IOException {
      super(through(sockets, url), route);
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

  private static final class Opening extends URLStreamHandler {
    private final URL url;
    private final Sockets sockets;

    Opening(URL url, Sockets sockets) {
      this.url = url;
      this.sockets = sockets;
    }

    @Override
    protected URLConnection openConnection(URL same) throws IOException {
      return openConnection(same, Proxy.NO_PROXY);
    }

    @Override
    protected URLConnection openConnection(URL same, Proxy route) throws IOException {
      if (!(url.openConnection(route) instanceof HttpsURLConnection connection)) {
        throw new IOException("not an https URL");
      }
      connection.setSSLSocketFactory(sockets);
      return connection;
    }
  }
}
