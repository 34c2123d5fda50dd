package dev.tidewaiter.policy;

/// What becomes of `library/`, beneath which Docker Hub keeps names without a path, when a default
/// registry serves them instead.
public enum LibraryPrefix {
  /// `nginx` becomes `<default>/library/nginx`.
  KEEP,
  /// `nginx` and `library/nginx` become `<default>/nginx`.
  DROP
}
