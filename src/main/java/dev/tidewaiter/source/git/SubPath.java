package dev.tidewaiter.source.git;

import java.util.ArrayList;

/// A folder inside a repository: segments joined by `/`, empty for the root.
final class SubPath {
  private SubPath() {}

  /// Drops `.`, and `/` at either end.
  ///
  /// @throws IllegalArgumentException if it leaves the repository
  static String normalise(String path) {
    var segments = new ArrayList<String>();
    for (String segment : path.split("/", -1)) {
      if ("..".equals(segment)) {
        throw new IllegalArgumentException("the path must stay inside the repository: " + path);
      }
      if (!segment.isEmpty() && !".".equals(segment)) {
        segments.add(segment);
      }
    }
    return String.join("/", segments);
  }
}
