package dev.tidewaiter.intake.trust;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/// A certificate with its key, and those that signed it, up to the authority.
///
/// @param certificates from the certificate itself on
record TestChain(List<X509Certificate> certificates, PrivateKey key) {
  TestChain {
    certificates = List.copyOf(certificates);
  }

  /// An authority that signs itself.
  static TestChain authority(String name) {
    return make(null, name, true, in(Duration.ofDays(100)));
  }

  /// A server's certificate that signs itself.
  static TestChain selfSigned(String... hosts) {
    return make(null, "a server on its own", false, in(Duration.ofDays(10)), hosts);
  }

  TestChain intermediate(String name) {
    return make(this, name, true, in(Duration.ofDays(50)));
  }

  TestChain server(String... hosts) {
    return make(this, hosts[0], false, in(Duration.ofHours(36)), hosts);
  }

  TestChain expiredServer(String... hosts) {
    return make(this, hosts[0], false, in(Duration.ofHours(-50)), hosts);
  }

  /// As a server may send it.
  TestChain sending(X509Certificate... sent) {
    return new TestChain(List.of(sent), key);
  }

  TestChain withoutRoot() {
    return new TestChain(certificates.subList(0, certificates.size() - 1), key);
  }

  X509Certificate own() {
    return certificates.getFirst();
  }

  private static Instant in(Duration duration) {
    return Instant.now().plus(duration);
  }

  private static TestChain make(
      @Nullable TestChain issuer, String name, boolean signs, Instant end, String... hosts) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      KeyPair keys = generator.generateKeyPair();
      var subject = new X500Name("CN=" + name);
      var builder =
          new JcaX509v3CertificateBuilder(
              issuer == null
                  ? subject
                  : new X500Name(issuer.own().getSubjectX500Principal().getName()),
              new BigInteger(120, new SecureRandom()),
              Date.from(end.minus(Duration.ofDays(200))),
              Date.from(end),
              subject,
              keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(signs));
      if (hosts.length > 0) {
        builder.addExtension(Extension.subjectAlternativeName, false, names(hosts));
      }
      PrivateKey signing = issuer == null ? keys.getPrivate() : issuer.key();
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(signing);
      var chain = new ArrayList<X509Certificate>();
      chain.add(new JcaX509CertificateConverter().getCertificate(builder.build(signer)));
      if (issuer != null) {
        chain.addAll(issuer.certificates());
      }
      return new TestChain(chain, keys.getPrivate());
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
      throw new IllegalStateException("no certificate for " + name, e);
    }
  }

  private static GeneralNames names(String... hosts) {
    return new GeneralNames(
        Arrays.stream(hosts)
            .map(
                host ->
                    new GeneralName(
                        host.matches("[0-9.]+") ? GeneralName.iPAddress : GeneralName.dNSName,
                        host))
            .toArray(GeneralName[]::new));
  }
}
