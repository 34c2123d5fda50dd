package dev.tidewaiter.registry.oci;

import dev.tidewaiter.model.PrivateKeyInfo;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.registry.RegistryProbe.Trust;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/// TLS as a declaration wants it with the registry, and as it must be with everybody else.
///
/// The registry is known by the declared CA alone, and gets to see the client certificate. A token
/// server on another host is known by the declared CA or by one of the system's (a private registry
/// has its token server mostly under the same authority, and docker trusts it so), is never shown
/// the certificate, and is never excused from having one itself.
final class Tls implements TlsSocketStrategy {
  private static final char[] NO_PASSWORD = {};

  private final String registry;
  private final TlsSocketStrategy own;
  private final TlsSocketStrategy others;

  /// @param registry the host that the declaration is about
  /// @throws GeneralSecurityException if a certificate or the key cannot be read
  Tls(String registry, Trust trust) throws GeneralSecurityException {
    this.registry = registry;
    List<X509Certificate> ca = trust.ca() == null ? List.of() : certificates(trust.ca());
    KeyManager @Nullable [] keys = keys(trust);
    this.own =
        trust.insecure()
            ? strategy(keys, new TrustManager[] {new Anybody()}, HostnameVerificationPolicy.CLIENT)
            : strategy(keys, trusting(ca), HostnameVerificationPolicy.BUILTIN);
    this.others =
        strategy(
            null,
            ca.isEmpty() ? trusting(ca) : trusting(withThoseOfTheSystem(ca)),
            HostnameVerificationPolicy.BUILTIN);
  }

  @Override
  public SSLSocket upgrade(
      Socket socket, String target, int port, Object attachment, HttpContext context)
      throws IOException {
    return (target.equals(registry) ? own : others)
        .upgrade(socket, target, port, attachment, context);
  }

  // With the client's own verifier silent, names are verified by the JDK, or for an insecure
  // registry by nobody.
  private static TlsSocketStrategy strategy(
      KeyManager @Nullable [] keys, TrustManager[] trusted, HostnameVerificationPolicy policy)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, trusted, null);
    return new DefaultClientTlsStrategy(context, policy, NoopHostnameVerifier.INSTANCE);
  }

  /// @param authorities empty for those of the system
  private static TrustManager[] trusting(List<X509Certificate> authorities)
      throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    @Nullable KeyStore store = null;
    if (!authorities.isEmpty()) {
      store = emptyStore();
      for (int i = 0; i < authorities.size(); i++) {
        store.setCertificateEntry("ca-" + i, authorities.get(i));
      }
    }
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static List<X509Certificate> withThoseOfTheSystem(List<X509Certificate> ca)
      throws GeneralSecurityException {
    var all = new ArrayList<>(ca);
    for (TrustManager manager : trusting(List.of())) {
      if (manager instanceof X509TrustManager ofSystem) {
        all.addAll(Arrays.asList(ofSystem.getAcceptedIssuers()));
      }
    }
    return all;
  }

  private static KeyManager @Nullable [] keys(Trust trust) throws GeneralSecurityException {
    Secret certificate = trust.certificate();
    Secret key = trust.key();
    if (certificate == null || key == null) {
      return null;
    }
    List<X509Certificate> chain = certificates(certificate);
    PrivateKey privateKey = PrivateKeyInfo.read(key, chain.getFirst().getPublicKey());
    KeyStore store = emptyStore();
    store.setKeyEntry("client", privateKey, NO_PASSWORD, chain.toArray(Certificate[]::new));
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new IllegalStateException("nothing is read", e);
    }
    return store;
  }

  private static List<X509Certificate> certificates(Secret pem) throws CertificateException {
    byte[] bytes = pem.reveal().getBytes(StandardCharsets.UTF_8);
    List<X509Certificate> certificates =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(bytes))
            .stream()
            .map(X509Certificate.class::cast)
            .toList();
    if (certificates.isEmpty()) {
      throw new CertificateException("no certificate");
    }
    return certificates;
  }

  /// Trusts whoever answers: a registry that is declared `insecure`.
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
