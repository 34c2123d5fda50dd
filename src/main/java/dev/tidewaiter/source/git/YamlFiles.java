package dev.tidewaiter.source.git;

/// Which paths of a config repository may hold declarations.
///
/// 1. no path with a folder whose name begins with a dot
/// 2. no path that `.tidewaiterignore` at the root of the declarations names, in the syntax of
///    [gitignore](https://git-scm.com/docs/gitignore); as there, nothing beneath an ignored folder
///    can be taken back in
/// 3. of the rest, names that end in `.yaml` or `.yml`
final class YamlFiles {
  static final String IGNORE_FILE = ".tidewaiterignore";

  /// 1 MiB: what a declaration may have.
  static final long MAX_BYTES = 1 << 20;

  /// 64 KiB: what the ignore file may have, because each path is compared with each of its lines.
  static final long MAX_IGNORE_BYTES = 1 << 16;

  private final IgnoreFile ignored;

  private YamlFiles(IgnoreFile ignored) {
    this.ignored = ignored;
  }

  static YamlFiles of(byte[] ignoreFile) {
    return new YamlFiles(IgnoreFile.parse(ignoreFile));
  }

  /// What a file of this path may have.
  static long maxBytes(String path) {
    return path.equals(IGNORE_FILE) ? MAX_IGNORE_BYTES : MAX_BYTES;
  }

  /// What the answers took so far, as [WildMatch#steps].
  long steps() {
    return ignored.steps();
  }

  /// @param path from the root of the declarations
  boolean entersFolder(String path) {
    return !path.substring(path.lastIndexOf('/') + 1).startsWith(".")
        && !ignored.ignores(path, true);
  }

  /// @param path from the root of the declarations, in a folder that was entered
  boolean takesFile(String path) {
    return (path.endsWith(".yaml") || path.endsWith(".yml")) && !ignored.ignores(path, false);
  }
}
