package dev.tidewaiter.model;

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
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A client certificate with the private key that belongs to it.
///
/// As in `tls.X509KeyPair` of Go: the first certificate and the first private key of each text
/// count, the key may be PKCS #8, PKCS #1 or SEC 1, and none is encrypted.
public final class ClientCertificate {
  private static final Pattern PRIVATE_KEY =
      Pattern.compile(
          "-----BEGIN (?<kind>RSA |EC |)PRIVATE KEY-----(?<body>[A-Za-z0-9+/=\\s]+)-----END ");

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
  public static ClientCertificate parse(byte[] certificates, byte[] key)
      throws GeneralSecurityException {
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
  public List<Certificate> chain() {
    return chain;
  }

  public PrivateKey key() {
    return key;
  }

  private static PrivateKey privateKey(PublicKey publicKey, byte[] pem)
      throws GeneralSecurityException {
    Matcher matcher = PRIVATE_KEY.matcher(new String(pem, StandardCharsets.US_ASCII));
    if (!matcher.find()) {
      throw new InvalidKeyException("no private key without a pass phrase");
    }
    try {
      byte[] body = Base64.getMimeDecoder().decode(matcher.group("body"));
      byte[] encoded = matcher.group("kind").isEmpty() ? body : Der.privateKeyInfo(publicKey, body);
      return KeyFactory.getInstance(publicKey.getAlgorithm())
          .generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (IllegalArgumentException _) {
      throw new InvalidKeyException("a private key that is not base64");
    }
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
