package dev.tidewaiter.model;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.PublicKey;
import java.util.Arrays;

/// The little of DER that turns an older form of private key into the one that the JDK reads.
final class Der {
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;

  /// `INTEGER 0`, the version of a PrivateKeyInfo.
  private static final byte[] VERSION = {0x02, 0x01, 0x00};

  private Der() {}

  /// A `PrivateKeyInfo` (RFC 5208) around an `RSAPrivateKey` (RFC 8017) or an `ECPrivateKey` (RFC
  /// 5915), with the algorithm of the public key that it should belong to.
  static byte[] privateKeyInfo(PublicKey publicKey, byte[] privateKey) {
    return element(
        SEQUENCE, VERSION, algorithm(publicKey.getEncoded()), element(OCTET_STRING, privateKey));
  }

  // SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING
  // }
  private static byte[] algorithm(byte[] publicKeyInfo) {
    ByteBuffer buffer = ByteBuffer.wrap(publicKeyInfo);
    buffer.get();
    int _ = length(buffer);
    int start = buffer.position();
    buffer.get();
    int length = length(buffer);
    return Arrays.copyOfRange(publicKeyInfo, start, buffer.position() + length);
  }

  private static int length(ByteBuffer buffer) {
    int first = buffer.get() & 0xff;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < (first & 0x7f); i++) {
      length = (length << 8) | (buffer.get() & 0xff);
    }
    return length;
  }

  private static byte[] element(int tag, byte[]... parts) {
    var content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    var element = new ByteArrayOutputStream();
    element.write(tag);
    writeLength(element, content.size());
    element.writeBytes(content.toByteArray());
    return element.toByteArray();
  }

  private static void writeLength(ByteArrayOutputStream out, int length) {
    if (length < 0x80) {
      out.write(length);
      return;
    }
    int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
    out.write(0x80 | bytes);
    for (int i = bytes - 1; i >= 0; i--) {
      out.write(length >> (8 * i));
    }
  }
}
