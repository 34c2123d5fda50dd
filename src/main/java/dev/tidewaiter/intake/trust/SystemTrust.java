package dev.tidewaiter.intake.trust;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// The certificate authorities that this machine trusts: of its bundles the one that container
/// runtimes read, or the Java runtime's own where there is none.
///
/// @param place which they are, for people
public record SystemTrust(String place, X509TrustManager judge) {
  /// In the order of Go's [crypto/x509](https://go.dev/src/crypto/x509/root_linux.go): the first
  /// that exists counts.
  private static final List<Path> BUNDLES =
      Stream.of(
              "/etc/ssl/certs/ca-certificates.crt",
              "/etc/pki/tls/certs/ca-bundle.crt",
              "/etc/ssl/ca-bundle.pem",
              "/etc/pki/tls/cacert.pem",
              "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
              "/etc/ssl/cert.pem")
          .map(Path::of)
          .toList();

  public static SystemTrust ofThisMachine() {
    return BUNDLES.stream()
        .filter(Files::isReadable)
        .findFirst()
        .map(SystemTrust::of)
        .orElseGet(SystemTrust::ofTheJavaRuntime);
  }

  /// A bundle of PEM certificates; the Java runtime's own if there is none in it.
  static SystemTrust of(Path bundle) {
    try (InputStream pem = Files.newInputStream(bundle)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("ca-" + number++, certificate);
      }
      if (number == 0) {
        return ofTheJavaRuntime();
      }
      return new SystemTrust(bundle.toString(), judge(store));
    } catch (IOException | GeneralSecurityException _) {
      return ofTheJavaRuntime();
    }
  }

  private static SystemTrust ofTheJavaRuntime() {
    try {
      return new SystemTrust("the Java runtime's", judge(null));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime has no trust store", e);
    }
  }

  private static X509TrustManager judge(@Nullable KeyStore store) throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return (X509TrustManager) factory.getTrustManagers()[0];
  }

  /// Whether it trusts a chain now; for which host is another question.
  boolean accepts(List<X509Certificate> chain) {
    try {
      // With this word the JDK does not ask which key exchange the certificate allows.
      judge.checkServerTrusted(chain.toArray(X509Certificate[]::new), "UNKNOWN");
      return true;
    } catch (CertificateException _) {
      return false;
    }
  }
}
