package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.HttpProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The HTTP client for Vault, made anew when a file changes that its TLS is made of.
final class Connections implements AutoCloseable {
  private final VaultSettings settings;
  private @Nullable HttpClient client;
  private @Nullable TlsFiles files;

  Connections(VaultSettings settings) {
    this.settings = settings;
  }

  /// @throws TlsFiles.UnusableException if one of the files is of no use
  synchronized HttpClient client() throws TlsFiles.UnusableException {
    TlsFiles read = TlsFiles.read(settings);
    HttpClient open = client;
    if (open != null && files != null && read.holdTheSameAs(files)) {
      return open;
    }
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            // A standby's redirect is reported: following it would carry the token to another host.
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.connectTimeout());
    builder.proxy(
        settings.proxy() == null ? HttpClient.Builder.NO_PROXY : new Selector(settings.proxy()));
    read.context().ifPresent(builder::sslContext);
    HttpClient made = builder.build();
    if (open != null) {
      open.shutdown();
    }
    client = made;
    files = read;
    return made;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
    }
  }

  /// Sends everything to the proxy but what it exempts.
  private static final class Selector extends ProxySelector {
    private final HttpProxy proxy;

    Selector(HttpProxy proxy) {
      this.proxy = proxy;
    }

    @Override
    public List<Proxy> select(URI uri) {
      return List.of(
          proxy.exempts(uri.getHost())
              ? Proxy.NO_PROXY
              : new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.host(), proxy.port())));
    }

    // The exchange itself reports the failure.
    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
  }
}
