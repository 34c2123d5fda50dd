package dev.tidewaiter.secrets.vault;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// The HTTP client for Vault, made anew when the file with the private CA changes.
final class Connections implements AutoCloseable {
  private final VaultSettings settings;
  private @Nullable HttpClient client;
  private byte[] ca = new byte[0];

  Connections(VaultSettings settings) {
    this.settings = settings;
  }

  /// @throws IOException if the file with the CA cannot be read
  /// @throws GeneralSecurityException if it holds no certificate
  synchronized HttpClient client() throws IOException, GeneralSecurityException {
    Path file = settings.ca();
    byte[] pem = file == null ? new byte[0] : Files.readAllBytes(file);
    HttpClient open = client;
    if (open != null && Arrays.equals(ca, pem)) {
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
    if (file != null) {
      builder.sslContext(trusting(pem));
    }
    HttpClient made = builder.build();
    if (open != null) {
      open.shutdown();
    }
    client = made;
    ca = pem;
    return made;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
    }
  }

  private static SSLContext trusting(byte[] pem) throws IOException, GeneralSecurityException {
    var certificates =
        CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
    if (certificates.isEmpty()) {
      throw new CertificateException("no certificate");
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (var certificate : certificates) {
      store.setCertificateEntry("ca-" + number++, certificate);
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
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
