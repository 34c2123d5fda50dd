package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.model.ClientCertificate;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import java.security.GeneralSecurityException;

/// Whether a client certificate and a private key belong together: dockerd refuses every pull from
/// a registry whose pair does not.
final class ClientPair {
  private ClientPair() {}

  /// @param path of the certificate
  /// @throws HostFileException of reason `Rejected`
  static void require(HostPath path, FileContent certificate, FileContent key)
      throws HostFileException {
    try {
      var _ = ClientCertificate.parse(certificate.bytes(), key.bytes());
    } catch (GeneralSecurityException _) {
      throw new HostFileException(
          FailureReason.Rejected,
          path
              + ": the certificate and its client.key do not belong together, or the key is of no"
              + " form that dockerd reads. Give both from the same issue, and the key unencrypted.");
    }
  }
}
