package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.PrivateKeyInfo;
import dev.tidewaiter.model.Secret;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;

/// A client certificate with the private key that belongs to it.
///
/// As in `tls.X509KeyPair` of Go: the first certificate and the first private key of each text
/// count, the key in any form that [PrivateKeyInfo] knows. That they belong together is found out
/// here, because a server only says that the handshake failed.
final class ClientCertificate {
  private final List<Certificate> chain;
  private final PrivateKey key;

  private ClientCertificate(List<Certificate> chain, PrivateKey key) {
    this.chain = chain;
    this.key = key;
  }

  /// Reads both from PEM texts.
  ///
  /// @throws GeneralSecurityException if one is of no form that is read here, or the two do not
  ///   belong together; its message quotes neither
  static ClientCertificate parse(byte[] certificates, byte[] key) throws GeneralSecurityException {
    List<Certificate> chain =
        List.copyOf(
            CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(certificates)));
    if (chain.isEmpty()) {
      throw new CertificateException("no certificate");
    }
    PublicKey publicKey = chain.getFirst().getPublicKey();
    var pem = Secret.of(new String(key, StandardCharsets.US_ASCII));
    PrivateKey privateKey = PrivateKeyInfo.read(pem, publicKey);
    if (!PrivateKeyInfo.belongTogether(publicKey, privateKey)) {
      throw new InvalidKeyException("the key is another certificate's");
    }
    return new ClientCertificate(chain, privateKey);
  }

  /// The certificate itself first, then what is between it and its root, as far as it was given.
  List<Certificate> chain() {
    return chain;
  }

  PrivateKey key() {
    return key;
  }
}
