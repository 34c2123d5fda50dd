package dev.tidewaiter.testbed;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate authority for one test, with the certificates it issued, in PEM files.
final class Certificates {
  private static final X500Name AUTHORITY = new X500Name("CN=test authority");

  private final Path directory;
  private final KeyPair authority;
  private int serial = 1;

  Certificates(Path directory) {
    this.directory = directory;
    this.authority = keyPair();
    write("ca.crt", issue(AUTHORITY, authority, true));
  }

  Path authority() {
    return directory.resolve("ca.crt");
  }

  /// Issues `NAME.crt` and `NAME.key`, good for 127.0.0.1 and for the subject as a client.
  ///
  /// @param subject as an X.500 name, such as `CN=admin,O=system:masters`
  Path issue(String name, String subject) {
    KeyPair keys = keyPair();
    write(name + ".key", keys.getPrivate());
    write(name + ".crt", issue(new X500Name(subject), keys, false));
    return directory.resolve(name + ".crt");
  }

  private X509CertificateHolder issue(X500Name subject, KeyPair keys, boolean mayIssue) {
    Instant now = Instant.now();
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              AUTHORITY,
              BigInteger.valueOf(serial++),
              Date.from(now.minus(Duration.ofHours(1))),
              Date.from(now.plus(Duration.ofDays(1))),
              subject,
              keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(mayIssue));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
      var signer = new JcaContentSignerBuilder("SHA256withRSA").build(authority.getPrivate());
      return builder.build(signer);
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair keyPair() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void write(String name, Object object) {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
      writer.flush();
      Files.writeString(directory.resolve(name), text.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
