package dev.tidewaiter.registry;

import dev.tidewaiter.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A short name for key material of a cloud, which a machine made and nobody can guess: only for
/// such may a digest without a key be shown.
final class Fingerprint {
  private static final int DIGITS = 12;

  private Fingerprint() {}

  /// The first twelve hexadecimal digits of the SHA-256 over the parts, each with its length.
  static String of(Secret... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Secret part : parts) {
        byte[] bytes = part.reveal().getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
