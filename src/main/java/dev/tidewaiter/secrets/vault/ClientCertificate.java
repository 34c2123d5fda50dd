package dev.tidewaiter.secrets.vault;

import dev.tidewaiter.model.PrivateKeyInfo;
import dev.tidewaiter.model.Secret;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
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
    PrivateKey privateKey = privateKey(publicKey, key);
    if (!verifies(publicKey, privateKey)) {
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

  private static PrivateKey privateKey(PublicKey publicKey, byte[] pem)
      throws GeneralSecurityException {
    byte[] encoded =
        PrivateKeyInfo.of(Secret.of(new String(pem, StandardCharsets.US_ASCII)), publicKey)
            .orElseThrow(() -> new InvalidKeyException("no private key without a pass phrase"));
    return KeyFactory.getInstance(publicKey.getAlgorithm())
        .generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }

  // What the one signs the other verifies: holds for every algorithm, and needs no knowledge of
  // one.
  private static boolean verifies(PublicKey publicKey, PrivateKey privateKey)
      throws GeneralSecurityException {
    String algorithm =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> publicKey.getAlgorithm();
        };
    byte[] text = "tidewaiter".getBytes(StandardCharsets.US_ASCII);
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(privateKey);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update(text);
    return signature.verify(signed);
  }
}
