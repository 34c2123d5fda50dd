package dev.tidewaiter.registry;

import dev.tidewaiter.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Tells across processes whether a secret is the one from before, without keeping it: HMAC-SHA-256
/// with a key that lies beside the digests. Whoever has both can only try guesses, which is why the
/// file has mode 0600 like those with tokens.
final class Digests {
  private static final String ALGORITHM = "HmacSHA256";

  private final Secret key;

  /// @param key hexadecimal
  /// @throws IllegalArgumentException if it is not 256 bits
  Digests(Secret key) {
    if (bytes(key).length != 32) {
      throw new IllegalArgumentException("the key has not 256 bits");
    }
    this.key = key;
  }

  static Digests withRandomKey() {
    var bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return new Digests(Secret.of(HexFormat.of().formatHex(bytes)));
  }

  Secret key() {
    return key;
  }

  /// Over the parts, each with its length.
  String of(String purpose, Secret... parts) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(bytes(key), ALGORITHM));
      mac.update(purpose.getBytes(StandardCharsets.UTF_8));
      for (Secret part : parts) {
        byte[] bytes = part.reveal().getBytes(StandardCharsets.UTF_8);
        mac.update((":" + bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        mac.update(bytes);
      }
      return HexFormat.of().formatHex(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  private static byte[] bytes(Secret key) {
    return HexFormat.of().parseHex(key.reveal());
  }
}
