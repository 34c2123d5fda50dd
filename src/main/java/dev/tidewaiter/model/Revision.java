package dev.tidewaiter.model;

/// A Git commit id.
///
/// @param id 40 or 64 lower-case hexadecimal digits
public record Revision(String id) {
  public Revision {
    if (!id.matches("[0-9a-f]{40}([0-9a-f]{24})?")) {
      throw new IllegalArgumentException("not a commit id: " + id);
    }
  }

  /// The first eight digits, for people.
  public String abbreviated() {
    return id.substring(0, 8);
  }

  @Override
  public String toString() {
    return id;
  }
}
