package dev.tidewaiter.model;

/// One path of a snapshot that may matter to the declarations: every YAML file, and whatever stands
/// in the place of one.
///
/// Paths are from the declared sub-path, with `/`. Dot-directories and paths in `.tidewaiterignore`
/// are left out by the source.
public sealed interface SnapshotEntry {
  String path();

  /// A file that was read.
  ///
  /// @param contentId equal exactly if the content is (Git's blob id), so that a reader can keep
  ///   what it parsed
  /// @param content the bytes, as UTF-8 or whatever they are
  record File(String path, String contentId, FileContent content) implements SnapshotEntry {}

  /// A file that is larger than a declaration may be, and was not read; it may not even be here.
  ///
  /// @param limit in bytes
  record TooLarge(String path, long limit) implements SnapshotEntry {}

  /// The first file or folder for which a snapshot has no room: neither it nor what comes after it
  /// was read.
  ///
  /// @param limit ends a sentence that begins `at most`
  record TooMany(String path, String limit) implements SnapshotEntry {}

  /// A symbolic link; never followed.
  record SymbolicLink(String path) implements SnapshotEntry {}
}
