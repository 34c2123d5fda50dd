package dev.tidewaiter.target.host.certsd;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;

/// Whether a file is what dockerd will take it for: one malformed file below `certs.d` makes every
/// pull from its registry fail.
public final class CertificateFormat {
  private CertificateFormat() {}

  /// @throws HostFileException of reason `Rejected`
  public static void require(HostPath path, FileContent content) throws HostFileException {
    if (path.name().endsWith(".key")) {
      String text = new String(content.bytes(), StandardCharsets.US_ASCII);
      if (!text.contains("PRIVATE KEY-----")) {
        throw rejected(path + ": it is no private key in PEM.");
      }
      return;
    }
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      if (factory.generateCertificates(new ByteArrayInputStream(content.bytes())).isEmpty()) {
        throw rejected(path + ": it contains no certificate in PEM.");
      }
    } catch (CertificateException _) {
      throw rejected(path + ": it is no certificate in PEM.");
    }
  }

  private static HostFileException rejected(String message) {
    return new HostFileException(FailureReason.Rejected, message);
  }
}
