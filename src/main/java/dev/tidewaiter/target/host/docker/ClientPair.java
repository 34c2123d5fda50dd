package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.model.FileContent;
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
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whether a client certificate and a private key belong together: dockerd refuses every pull from
/// a registry whose pair does not.
///
/// As in `tls.X509KeyPair` of Go, with which dockerd reads them: the first certificate and the
/// first private key of each file count, the key may be PKCS #8, PKCS #1 or SEC 1, and none is
/// encrypted.
final class ClientPair {
  private static final Pattern PRIVATE_KEY =
      Pattern.compile(
          "-----BEGIN (?<kind>RSA |EC |)PRIVATE KEY-----(?<body>[A-Za-z0-9+/=\\s]+)-----END ");

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
      Matcher matcher = PRIVATE_KEY.matcher(new String(key.bytes(), StandardCharsets.US_ASCII));
      if (!matcher.find()) {
        return false;
      }
      byte[] body = Base64.getMimeDecoder().decode(matcher.group("body"));
      byte[] encoded = matcher.group("kind").isEmpty() ? body : Der.privateKeyInfo(publicKey, body);
      return verifies(publicKey, privateKey(publicKey, encoded));
    } catch (GeneralSecurityException | IllegalArgumentException _) {
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
