package dev.tidewaiter.source.git;

import dev.tidewaiter.source.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Who may vouch for an https server.
final class Trust {
  private Trust() {}

  /// The authorities of a PEM file and no others; the system's if there is none.
  static TrustManager[] load(@Nullable Path ca) throws SourceException {
    try {
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(ca == null ? null : store(ca));
      return factory.getTrustManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new SourceException(
          "the authorities in %s cannot be read\n  Write PEM certificates there."
              .formatted(ca == null ? "the system's trust store" : ca),
          e);
    }
  }

  private static KeyStore store(Path ca) throws GeneralSecurityException, IOException {
    Collection<? extends Certificate> authorities;
    try (InputStream pem = Files.newInputStream(ca)) {
      authorities = CertificateFactory.getInstance("X.509").generateCertificates(pem);
    }
    if (authorities.isEmpty()) {
      throw new IOException("no certificate in " + ca);
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate authority : authorities) {
      store.setCertificateEntry("ca-" + number++, authority);
    }
    return store;
  }
}
