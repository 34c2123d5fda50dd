package dev.tidewaiter.model;

/// The bytes of a file, which nobody can change.
public final class FileContent {
  private final byte[] bytes;

  private FileContent(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Copies the bytes.
  public static FileContent of(byte[] bytes) {
    return new FileContent(bytes.clone());
  }

  /// A copy of the bytes.
  public byte[] bytes() {
    return bytes.clone();
  }

  public int size() {
    return bytes.length;
  }
}
