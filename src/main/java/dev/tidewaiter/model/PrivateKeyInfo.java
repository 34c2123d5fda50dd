package dev.tidewaiter.model;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The first private key of a PEM text, and whether it belongs to a certificate's public key.
///
/// The one form that the JDK reads is PKCS #8, [RFC 5958](https://www.rfc-editor.org/rfc/rfc5958).
/// As `tls.X509KeyPair` of Go does, this takes the older forms too: PKCS #1 ([RFC
/// 8017](https://www.rfc-editor.org/rfc/rfc8017)) and SEC 1 ([RFC
/// 5915](https://www.rfc-editor.org/rfc/rfc5915)), around which it writes the little of DER that is
/// missing. None of them is encrypted.
public final class PrivateKeyInfo {
  private static final Pattern PRIVATE_KEY =
      Pattern.compile(
          "-----BEGIN (?<kind>RSA |EC |)PRIVATE KEY-----(?<body>[A-Za-z0-9+/=\\s]+)-----END ");
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;

  /// `INTEGER 0`, the version of a PrivateKeyInfo.
  private static final byte[] VERSION = {0x02, 0x01, 0x00};

  private PrivateKeyInfo() {}

  /// @param publicKey tells the algorithm, which the older forms leave out
  /// @throws GeneralSecurityException if the text has no key in one of these forms, or one of
  ///   another algorithm
  public static PrivateKey read(Secret pem, PublicKey publicKey) throws GeneralSecurityException {
    byte[] encoded =
        encoded(pem, publicKey)
            .orElseThrow(() -> new InvalidKeyException("no private key without a pass phrase"));
    return KeyFactory.getInstance(publicKey.getAlgorithm())
        .generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }

  /// Whether the one verifies what the other signs: holds for every algorithm, and needs no
  /// knowledge of one.
  ///
  /// @throws GeneralSecurityException if the two are of different algorithms, or one is of a kind
  ///   that signs nothing
  public static boolean belongTogether(PublicKey publicKey, PrivateKey privateKey)
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

  private static Optional<byte[]> encoded(Secret pem, PublicKey publicKey) {
    Matcher key = PRIVATE_KEY.matcher(pem.reveal());
    if (!key.find()) {
      return Optional.empty();
    }
    try {
      byte[] body = Base64.getMimeDecoder().decode(key.group("body"));
      return Optional.of(
          key.group("kind").isEmpty() ? body : completed(publicKey.getEncoded(), body));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static byte[] completed(byte[] publicKeyInfo, byte[] privateKey) {
    byte[] content =
        joined(VERSION, joined(algorithm(publicKeyInfo), element(OCTET_STRING, privateKey)));
    return element(SEQUENCE, content);
  }

  // SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING
  // }
  private static byte[] algorithm(byte[] publicKeyInfo) {
    int start = contentOf(publicKeyInfo, 0);
    int content = contentOf(publicKeyInfo, start);
    return Arrays.copyOfRange(publicKeyInfo, start, content + length(publicKeyInfo, start));
  }

  /// Where the content of the element at an index begins.
  private static int contentOf(byte[] der, int element) {
    int first = der[element + 1] & 0xff;
    return element + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  private static int length(byte[] der, int element) {
    int first = der[element + 1] & 0xff;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < (first & 0x7f); i++) {
      length = (length << 8) | (der[element + 2 + i] & 0xff);
    }
    return length;
  }

  private static byte[] element(int tag, byte[] content) {
    return joined(joined(new byte[] {(byte) tag}, length(content.length)), content);
  }

  private static byte[] length(int length) {
    if (length < 0x80) {
      return new byte[] {(byte) length};
    }
    int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
    var encoded = new byte[1 + bytes];
    encoded[0] = (byte) (0x80 | bytes);
    for (int i = 1; i <= bytes; i++) {
      encoded[i] = (byte) (length >> (8 * (bytes - i)));
    }
    return encoded;
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }
}
