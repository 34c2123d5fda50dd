package dev.tidewaiter.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What `tidewaiter.service` takes from the product, as far as it can be had without systemd: the
/// capabilities, new privileges, and all places to write but those it lists. Not the filters of
/// system calls and address families.
public final class Confinement {
  private static final Path UNIT = Path.of("src", "main", "systemd", "tidewaiter.service");
  private static final String STATE_DIRECTORY = "tidewaiter.confinement.state";

  // In mounts of its own, all are read-only but those of devices and processes, and what was bound
  // onto itself before.
  private static final String CONFINE =
      """
      writable=$1 capabilities=$2
      shift 2
      for path in $writable; do
        [ ! -d "$path" ] || mount --rbind "$path" "$path"
      done
      while read -r _ _ _ _ point _; do
        for path in $writable /dev /proc /sys; do
          case $point/ in "$path"/*) continue 2 ;; esac
        done
        mount -o remount,bind,ro "$point" || exit
      done </proc/self/mountinfo
      exec setpriv --no-new-privs --inh-caps=-all --bounding-set="-all$capabilities" "$@"
      """;

  private Confinement() {}

  /// From now on the product runs confined in this process's tests.
  ///
  /// @param stateDirectory where it may write as well
  public static void begin(Path stateDirectory) {
    System.setProperty(STATE_DIRECTORY, stateDirectory.toString());
  }

  /// What comes before a command; nothing if it is not to be confined.
  static List<String> words() {
    String stateDirectory = System.getProperty(STATE_DIRECTORY);
    if (stateDirectory == null) {
      return List.of();
    }
    var writable = new ArrayList<>(List.of(stateDirectory));
    values("ReadWritePaths").map(path -> path.replaceFirst("^-", "")).forEach(writable::add);
    var capabilities = new StringBuilder();
    values("CapabilityBoundingSet")
        .map(word -> word.replaceFirst("^CAP_", ""))
        .forEach(name -> capabilities.append(",+").append(name.toLowerCase(java.util.Locale.ROOT)));
    return TestBed.inOwnMounts(CONFINE, String.join(" ", writable), capabilities.toString());
  }

  private static Stream<String> values(String setting) {
    String prefix = setting + "=";
    try {
      return Files.readAllLines(UNIT).stream()
          .filter(line -> line.startsWith(prefix))
          .flatMap(line -> Stream.of(line.substring(prefix.length()).split(" ")))
          .filter(word -> !word.isEmpty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
