package dev.tidewaiter.source.git;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.eclipse.jgit.ignore.IgnoreNode;

/// Which paths of a config repository may hold declarations.
///
/// 1. no path with a folder whose name begins with a dot
/// 2. no path that `.tidewaiterignore` at the root of the declarations names, in the syntax of
///    [gitignore](https://git-scm.com/docs/gitignore); as there, nothing beneath an ignored folder
///    can be taken back in
/// 3. of the rest, names that end in `.yaml` or `.yml`
final class YamlFiles {
  static final String IGNORE_FILE = ".tidewaiterignore";

  /// 1 MiB: what a declaration, or the ignore file, may have.
  static final long MAX_BYTES = 1 << 20;

  private final IgnoreNode ignored;

  private YamlFiles(IgnoreNode ignored) {
    this.ignored = ignored;
  }

  static YamlFiles of(byte[] ignoreFile) {
    var node = new IgnoreNode();
    try {
      node.parse(new ByteArrayInputStream(ignoreFile));
    } catch (IOException e) {
      throw new UncheckedIOException("read from memory", e);
    }
    return new YamlFiles(node);
  }

  /// @param path from the root of the declarations
  boolean entersFolder(String path) {
    return !path.substring(path.lastIndexOf('/') + 1).startsWith(".")
        && !Boolean.TRUE.equals(ignored.checkIgnored(path, true));
  }

  /// @param path from the root of the declarations, in a folder that was entered
  boolean takesFile(String path) {
    return (path.endsWith(".yaml") || path.endsWith(".yml"))
        && !Boolean.TRUE.equals(ignored.checkIgnored(path, false));
  }
}
