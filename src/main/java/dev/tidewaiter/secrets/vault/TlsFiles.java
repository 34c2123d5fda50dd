package dev.tidewaiter.secrets.vault;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// The files that TLS with Vault is made of, as they are now: the private CA, and the client
/// certificate with its key.
final class TlsFiles {
  private final byte @Nullable [] ca;
  private final byte @Nullable [] certificate;
  private final byte @Nullable [] key;

  private TlsFiles(byte @Nullable [] ca, byte @Nullable [] certificate, byte @Nullable [] key) {
    this.ca = ca;
    this.certificate = certificate;
    this.key = key;
  }

  /// Reads those that the settings name.
  static TlsFiles read(VaultSettings settings) throws UnusableException {
    byte[] ca = bytes(settings.ca(), Reply.Silence.CA_UNUSABLE);
    return settings.login()
            instanceof VaultSettings.Login.Certificate(_, Path certificate, Path key)
        ? new TlsFiles(
            ca,
            bytes(certificate, Reply.Silence.CERTIFICATE_UNUSABLE),
            bytes(key, Reply.Silence.CERTIFICATE_UNUSABLE))
        : new TlsFiles(ca, null, null);
  }

  /// A file cannot be read, or does not hold what it should.
  static final class UnusableException extends Exception {
    private static final long serialVersionUID = 1;

    private final Reply.Silence silence;

    private UnusableException(Reply.Silence silence) {
      super(silence.words());
      this.silence = silence;
    }

    /// What it means for an exchange.
    Reply.Silence silence() {
      return silence;
    }
  }

  boolean holdTheSameAs(TlsFiles other) {
    return Arrays.equals(ca, other.ca)
        && Arrays.equals(certificate, other.certificate)
        && Arrays.equals(key, other.key);
  }

  /// TLS made of them; empty if no file is named, so that the JDK's own serves.
  Optional<SSLContext> context() throws UnusableException {
    if (ca == null && certificate == null) {
      return Optional.empty();
    }
    var unusable = Reply.Silence.CA_UNUSABLE;
    try {
      TrustManager @Nullable [] trusted = ca == null ? null : trusting(ca);
      unusable = Reply.Silence.CERTIFICATE_UNUSABLE;
      KeyManager @Nullable [] shown =
          certificate == null || key == null ? null : showing(certificate, key);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(shown, trusted, null);
      return Optional.of(context);
    } catch (GeneralSecurityException | IOException _) {
      throw new UnusableException(unusable);
    }
  }

  private static byte @Nullable [] bytes(@Nullable Path file, Reply.Silence otherwise)
      throws UnusableException {
    try {
      return file == null ? null : Files.readAllBytes(file);
    } catch (IOException _) {
      throw new UnusableException(otherwise);
    }
  }

  private static TrustManager[] trusting(byte[] pem) throws IOException, GeneralSecurityException {
    var certificates =
        CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
    if (certificates.isEmpty()) {
      throw new CertificateException("no certificate");
    }
    KeyStore store = emptyStore();
    int number = 0;
    for (var certificate : certificates) {
      store.setCertificateEntry("ca-" + number++, certificate);
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return trust.getTrustManagers();
  }

  private static KeyManager[] showing(byte[] certificate, byte[] key)
      throws IOException, GeneralSecurityException {
    var own = ClientCertificate.parse(certificate, key);
    // The store never leaves the memory, so its pass phrase protects nothing.
    char[] none = {};
    KeyStore store = emptyStore();
    store.setKeyEntry("own", own.key(), none, own.chain().toArray(Certificate[]::new));
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, none);
    return keys.getKeyManagers();
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }
}
