package dev.tidewaiter.secrets.vault;

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

  /// Sends everything to the proxy but what the settings exempt.
  private static final class Selector extends ProxySelector {
    private final VaultSettings.Proxy settings;

    Selector(VaultSettings.Proxy settings) {
      this.settings = settings;
    }

    @Override
    public List<Proxy> select(URI uri) {
      if (settings.noProxy().stream().anyMatch(entry -> exempts(entry, uri.getHost()))) {
        return List.of(Proxy.NO_PROXY);
      }
      URI proxy = settings.url();
      int port = proxy.getPort() == -1 ? 80 : proxy.getPort();
      return List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), port)));
    }

    private static boolean exempts(String entry, String host) {
      return entry.equals("*")
          || entry.equalsIgnoreCase(host)
          || (entry.startsWith(".")
              && host.regionMatches(
                  true, host.length() - entry.length(), entry, 0, entry.length()));
    }

    // The exchange itself reports the failure.
    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
  }
}
