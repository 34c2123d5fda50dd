package dev.tidewaiter.target.host.certsd;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.PrivateKeyInfo;
import dev.tidewaiter.model.Secret;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;

/// Whether a client certificate and a private key belong together: dockerd refuses every pull from
/// a registry whose pair does not.
///
/// As in `tls.X509KeyPair` of Go, with which dockerd reads them: the first certificate and the
/// first private key of each file count, the key in any form that [PrivateKeyInfo] knows.
public final class ClientPair {
  private ClientPair() {}

  /// @param path of the certificate
  /// @throws HostFileException of reason `Rejected`
  public static void require(HostPath path, FileContent certificate, FileContent key)
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
      var pem = Secret.of(new String(key.bytes(), StandardCharsets.US_ASCII));
      return PrivateKeyInfo.belongTogether(publicKey, PrivateKeyInfo.read(pem, publicKey));
    } catch (GeneralSecurityException _) {
      return false;
    }
  }
}
