package dev.tidewaiter.target.host.certsd;

import static dev.tidewaiter.target.host.certsd.TreeHost.declared;
import static dev.tidewaiter.target.host.certsd.TreeHost.hosts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.target.host.certsd.TreeHost.Declared;
import dev.tidewaiter.testing.Canary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The credential of a machine is in the header of `hosts.toml`, and in nothing that is said or
/// recorded of it, whatever happens to the file.
class HostsCanaryTest {
  private static final String URL = "https://reg.test";

  private final Canary first = new Canary("first");
  private final Canary rotated = new Canary("rotated");

  /// What was said, by where.
  private final Map<String, String> evidence = new TreeMap<>();

  @TempDir private Path directory;
  private TreeHost host;
  private Path file;

  @BeforeEach
  void createHost() throws IOException {
    host = TreeHost.create(directory);
    file = host.file(hosts("reg.test"));
  }

  private Declared with(Canary canary) {
    return host.withCredential(declared(hosts("reg.test"), "endpoint/1=" + URL), 1, canary.value());
  }

  @Test
  void isInTheHeaderAlone() throws Exception {
    cycle("created", with(first));
    assertHeld(first);
    cycle("rotated", with(rotated));
    assertHeld(rotated);
    Files.writeString(file, Files.readString(file).replace(URL, "https://edited.test"));
    cycle("edited", with(first));
    Files.writeString(file, "Authorization = \"" + rotated.value());
    cycle("damaged", with(first));
    Files.delete(file);
    Files.createDirectory(file);
    cycle("obstructed", with(first));
    assertThat(evidence.get("obstructed: outcomes")).contains("not a regular file");
    Files.delete(file);
    cycle("repaired", with(first));
    assertHeld(first);
    cycle("withdrawn", Declared.nothing());
    assertThat(file).doesNotExist();

    evidence.forEach(
        (where, text) ->
            List.of(first, rotated).forEach(canary -> canary.assertAbsentFrom(text, where)));
  }

  private void cycle(String name, Declared declared) throws Exception {
    evidence.put(name + ": plan", host.plan(declared).toString());
    evidence.put(name + ": outcomes", host.cycle(declared).toString());
    evidence.put(name + ": observed", host.observe(hosts("reg.test")).toString());
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path path : files.filter(Files::isRegularFile).toList()) {
        if (!path.equals(file)) {
          evidence.put(name + ": " + directory.relativize(path), Files.readString(path));
        }
      }
    }
    assertThat(evidence).containsKey("created: state/host/state.json");
  }

  private void assertHeld(Canary canary) throws IOException {
    assertThat(canary.isIn(Files.readString(file))).as("the search finds what is there").isTrue();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }
}
