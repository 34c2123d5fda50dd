package dev.tidewaiter.target.host;

import java.util.List;
import java.util.regex.Pattern;

/// A path from the host's root, without a leading slash: `etc/docker/daemon.json`. Empty for the
/// root itself.
public record HostPath(String text) implements Comparable<HostPath> {
  public static final HostPath ROOT = new HostPath("");
  private static final Pattern SLASH = Pattern.compile("/");

  /// @throws IllegalArgumentException for an absolute path, an empty component, `.` and `..`
  public HostPath {
    boolean names =
        names(text).stream().noneMatch(n -> n.isEmpty() || n.equals(".") || n.equals(".."));
    if (!names || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("not a path from the root of a host: " + text);
    }
  }

  /// Drops the leading slash of an absolute path, and doubled and trailing ones.
  public static HostPath ofAbsolute(String path) {
    return new HostPath(path.replaceAll("/+", "/").replaceAll("^/|/$", ""));
  }

  public List<String> names() {
    return names(text);
  }

  public String name() {
    return text.substring(text.lastIndexOf('/') + 1);
  }

  /// The directory it is in; the root is in itself.
  public HostPath parent() {
    int slash = text.lastIndexOf('/');
    return slash < 0 ? ROOT : new HostPath(text.substring(0, slash));
  }

  public HostPath child(String name) {
    return text.isEmpty() ? new HostPath(name) : new HostPath(text + "/" + name);
  }

  /// Where the next content is written before it is renamed into place. The name is always the
  /// same, so that what a crash leaves behind is found; runtimes read no file with this ending.
  public HostPath temporary() {
    return parent().child("." + name() + ".tidewaiter");
  }

  /// The directory in which the next content is prepared, for itself alone; see [Scratch]. Likewise
  /// always the same.
  HostPath scratch() {
    return parent().child(Scratch.NAME);
  }

  /// Whether another path is what a crash may leave behind of writing to this one.
  public boolean leaves(HostPath other) {
    return other.equals(temporary()) || other.equals(scratch());
  }

  /// Whether it is somewhere beneath a directory.
  public boolean isBeneath(HostPath directory) {
    return !equals(directory)
        && (directory.text.isEmpty() || text.startsWith(directory.text + "/"));
  }

  @Override
  public int compareTo(HostPath other) {
    return text.compareTo(other.text);
  }

  /// As an absolute path on the host.
  @Override
  public String toString() {
    return "/" + text;
  }

  private static List<String> names(String text) {
    return text.isEmpty() ? List.of() : List.of(SLASH.split(text, -1));
  }
}
