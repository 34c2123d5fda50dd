package dev.tidewaiter.target.host.containerd;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A version of containerd, from what `containerd --version` says: `containerd
/// github.com/containerd/containerd/v2 v2.2.9 <revision>`.
record ContainerdVersion(int major, int minor, int patch) implements Comparable<ContainerdVersion> {
  private static final Pattern SAID =
      Pattern.compile("(?m)^containerd \\S+ v?(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})");
  private static final Comparator<ContainerdVersion> ORDER =
      Comparator.comparingInt(ContainerdVersion::major)
          .thenComparingInt(ContainerdVersion::minor)
          .thenComparingInt(ContainerdVersion::patch);

  static Optional<ContainerdVersion> parse(String output) {
    Matcher matcher = SAID.matcher(output);
    return matcher.find()
        ? Optional.of(
            new ContainerdVersion(number(matcher, 1), number(matcher, 2), number(matcher, 3)))
        : Optional.empty();
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }

  boolean isAtLeast(int major, int minor, int patch) {
    return compareTo(new ContainerdVersion(major, minor, patch)) >= 0;
  }

  @Override
  public int compareTo(ContainerdVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
