package dev.tidewaiter.target.host;

import dev.tidewaiter.model.FileContent;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A regular file as it was read.
public record HostFile(FileContent content, Ownership ownership) {
  public String digest() {
    return digest(content);
  }

  /// `sha256:` and 64 hexadecimal digits.
  public static String digest(FileContent content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content.bytes());
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
