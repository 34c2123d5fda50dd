package dev.tidewaiter.target.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Tells whether a file may say which program the daemon starts: nobody but root and the daemon's
/// own user can have written it, or put another one in its place.
final class Trusted {
  private static final int GROUP_OR_OTHERS_WRITE = 0022;
  private static final int STICKY = 01000;

  private Trusted() {}

  /// Checks the file and every directory above it, symbolic links resolved first.
  ///
  /// @return what is wrong, for people; empty if nothing is
  static Optional<String> objection(Path file, Set<Integer> owners) throws IOException {
    Path real = file.toRealPath();
    for (Path path = real; path != null; path = path.getParent()) {
      var attributes = Files.readAttributes(path, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
      int owner = number(attributes, "uid");
      int mode = number(attributes, "mode");
      // In a directory such as /tmp, the sticky bit keeps others from replacing what is not theirs.
      boolean sticky = !path.equals(real) && (mode & STICKY) != 0;
      if (!owners.contains(owner)) {
        return Optional.of(path + " belongs to user " + owner);
      }
      if ((mode & GROUP_OR_OTHERS_WRITE) != 0 && !sticky) {
        return Optional.of(path + " is writable by others");
      }
    }
    return Optional.empty();
  }

  private static int number(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof Integer number ? number : -1;
  }

  /// Root and the user that this process runs as.
  static Set<Integer> ownersHere() throws IOException {
    int self = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    return self == 0 ? Set.of(0) : Set.of(0, self);
  }
}
