package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.PrivateKeyInfo;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Optional;

/// Whether a client certificate and a private key belong together: dockerd refuses every pull from
/// a registry whose pair does not.
///
/// As in `tls.X509KeyPair` of Go, with which dockerd reads them: the first certificate and the
/// first private key of each file count, the key in any form that [PrivateKeyInfo] knows.
final class ClientPair {
  private ClientPair() {}

  /// @param path of the certificate
  /// @throws HostFileException of reason `Rejected`
  static void require(HostPath path, FileContent certificate, FileContent key)
      throws HostFileException {
    if (!isPair(certificate, key)) {
      throw new HostFileException(
          FailureReason.Rejected,
          path
              + ": the certificate and its client.key do not belong together, or the key is of no"
              + " form that dockerd reads. Give both from the same issue, and the key unencrypted.");
    }
  }

  private static boolean isPair(FileContent certificate, FileContent key) {
    try {
      PublicKey publicKey =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(certificate.bytes()))
              .iterator()
              .next()
              .getPublicKey();
      Optional<byte[]> encoded =
          PrivateKeyInfo.of(
              Secret.of(new String(key.bytes(), StandardCharsets.US_ASCII)), publicKey);
      return encoded.isPresent() && verifies(publicKey, privateKey(publicKey, encoded.get()));
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  private static PrivateKey privateKey(PublicKey publicKey, byte[] encoded)
      throws GeneralSecurityException {
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
