package dev.tidewaiter.model;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Makes seals: HMAC-SHA-256 over resource, field and value, with a key that is random per process
/// and never stored.
///
/// Safe for use by many threads.
public final class Sealer {
  private static final String ALGORITHM = "HmacSHA256";

  // Cloned for each seal: to look the algorithm up and to prepare the key costs more than a seal.
  private final Mac keyed;

  private Sealer(byte[] key) {
    try {
      this.keyed = Mac.getInstance(ALGORITHM);
      keyed.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /// A sealer with a new random key of 256 bits.
  public static Sealer withRandomKey() {
    var bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return new Sealer(bytes);
  }

  /// The seal of `value` in `field` of `resource`.
  public Seal seal(ResourceId resource, String field, Secret value) {
    try {
      Mac mac = (Mac) keyed.clone();
      update(mac, resource.toString());
      update(mac, field);
      update(mac, value.reveal());
      return new Seal(HexFormat.of().formatHex(mac.doFinal()));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's own " + ALGORITHM + " can be cloned", e);
    }
  }

  // The length goes first, so that no two different triples give the same input.
  private static void update(Mac mac, String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    for (int shift = 24; shift >= 0; shift -= 8) {
      mac.update((byte) (bytes.length >>> shift));
    }
    mac.update(bytes);
  }
}
