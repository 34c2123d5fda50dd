package dev.tidewaiter.testbed;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A private certificate authority, made for one test, and what it signs: ECDSA P-256, valid from
/// an hour ago, for a day unless told otherwise.
public final class TestCertificates {
  private static final char[] PASSWORD = "of a test's key store".toCharArray();

  private final Path directory;
  private final X500Name name;
  private final Duration life;
  private final KeyPair keys;
  private final X509Certificate certificate;

  private TestCertificates(Path directory, String name, Duration life) {
    this.directory = directory;
    this.life = life;
    this.name = new X500Name("CN=" + name);
    this.keys = newKeys();
    this.certificate = sign(this.name, keys, this::asAuthority);
    write("ca.pem", pem("CERTIFICATE", encoded(certificate)));
  }

  /// A new authority whose files go to `directory`.
  public static TestCertificates create(Path directory) {
    return lasting(Duration.ofDays(1), directory);
  }

  /// The same, also what it signs, for longer or shorter.
  public static TestCertificates lasting(Duration life, Path directory) {
    return new TestCertificates(
        directory, "Tidewaiter test authority " + directory.getFileName(), life);
  }

  /// The authority's certificate, as PEM.
  public Path ca() {
    return directory.resolve("ca.pem");
  }

  public X509Certificate caCertificate() {
    return certificate;
  }

  /// For a client that trusts this authority alone.
  public SSLContext clientContext() {
    try {
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusting());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no TLS", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Options of a JVM that is to trust this authority and no one else.
  public String trustOptions() {
    String guard = "of-no-use-to-anybody";
    Path file = directory.resolve("trusted.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      trusting().store(out, guard.toCharArray());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no key store", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "-Djavax.net.ssl.trustStore=%s -Djavax.net.ssl.trustStorePassword=%s -Djavax.net.ssl.trustStoreType=PKCS12"
        .formatted(file, guard);
  }

  private KeyStore trusting() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("authority", certificate);
    return store;
  }

  /// A server certificate for host names and IP addresses; the first names the files.
  public Issued server(String... hosts) {
    GeneralName[] names =
        Arrays.stream(hosts).map(TestCertificates::host).toArray(GeneralName[]::new);
    return issue(
        hosts[0],
        builder -> {
          builder.addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
          builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        });
  }

  /// A client certificate with a common name.
  public Issued client(String commonName) {
    return issue(
        commonName,
        builder ->
            builder.addExtension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth)));
  }

  /// A certificate with its key.
  ///
  /// @param certificate PEM file
  /// @param key PEM file, PKCS #8
  /// @param keyStore both, under [#password]
  public record Issued(Path certificate, Path key, KeyStore keyStore) {
    public char[] password() {
      return PASSWORD.clone();
    }

    /// For a server that shows this certificate and asks for none.
    public SSLContext serverContext() {
      try {
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keyStore, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("no TLS", e);
      }
    }
  }

  private Issued issue(String commonName, Extensions extensions) {
    KeyPair own = newKeys();
    X509Certificate signed = sign(new X500Name("CN=" + commonName), own, extensions);
    String file = commonName.replace(':', '_');
    Path certificateFile = write(file + ".pem", pem("CERTIFICATE", encoded(signed)));
    Path keyFile = write(file + ".key", pem("PRIVATE KEY", own.getPrivate().getEncoded()));
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      Certificate[] chain = {signed, certificate};
      store.setKeyEntry("issued", own.getPrivate(), PASSWORD, chain);
      return new Issued(certificateFile, keyFile, store);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no key store", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private X509Certificate sign(X500Name subject, KeyPair of, Extensions extensions) {
    Instant start = Instant.now().minus(Duration.ofHours(1));
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              new BigInteger(120, new SecureRandom()),
              Date.from(start),
              Date.from(start.plus(life)),
              subject,
              of.getPublic());
      extensions.addTo(builder);
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
      throw new IllegalStateException("no certificate for " + subject, e);
    }
  }

  private void asAuthority(JcaX509v3CertificateBuilder builder) throws CertIOException {
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
  }

  private static GeneralName host(String host) {
    boolean address = host.contains(":") || host.matches("[0-9.]+");
    return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host);
  }

  private static KeyPair newKeys() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no elliptic curves", e);
    }
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("not encodable", e);
    }
  }

  private static String pem(String type, byte[] content) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(type, body);
  }

  private Path write(String file, String content) {
    try {
      Files.createDirectories(directory);
      return Files.writeString(directory.resolve(file), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Extensions {
    void addTo(JcaX509v3CertificateBuilder builder) throws CertIOException;
  }
}
