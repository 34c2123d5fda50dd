package dev.tidewaiter.target.host.docker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The container in which this process runs, if it does: told by its control group, by the files
/// that Docker mounts into each container, and by the hostname that Docker gives by default.
///
/// @param proc `/proc`
record OwnContainer(Path proc) {
  private static final Pattern ID = Pattern.compile("(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])");

  // On the host itself the mounts of all containers are listed, but none of these.
  private static final Pattern MOUNT =
      Pattern.compile("/containers/([0-9a-f]{64})/\\S+ /etc/(?:hostname|hosts|resolv\\.conf) ");

  private static final Pattern HOSTNAME = Pattern.compile("[0-9a-f]{12}");

  /// Ids, or beginnings of ids, that it may have; most hosts have none.
  Set<String> ids() throws IOException {
    var ids = new TreeSet<String>();
    Matcher cgroup = ID.matcher(read("self/cgroup"));
    while (cgroup.find()) {
      ids.add(cgroup.group());
    }
    Matcher mount = MOUNT.matcher(read("self/mountinfo"));
    while (mount.find()) {
      ids.add(mount.group(1));
    }
    String hostname = read("sys/kernel/hostname").strip();
    if (HOSTNAME.matcher(hostname).matches()) {
      ids.add(hostname);
    }
    return ids;
  }

  private String read(String name) throws IOException {
    Path path = proc.resolve(name);
    return Files.exists(path) ? Files.readString(path, StandardCharsets.ISO_8859_1) : "";
  }
}
