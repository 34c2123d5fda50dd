package dev.tidewaiter.target.host.containerd;

import dev.tidewaiter.testbed.IsolatedJvm;
import dev.tidewaiter.testbed.TestBed;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The adapter on a host with a real containerd, by pulls through CRI: the packaged old one, and
/// the built new one.
class ContainerdHostIT {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"old", "new"})
  void keepsTheHostAsDeclared(String version) {
    Path containerd =
        version.equals("old")
            ? TestBed.installed("/usr/bin/containerd")
            : TestBed.binary("containerd");
    TestBed.binary("registry");
    TestBed.binary("cri");
    IsolatedJvm.run(
        ContainerdScenario.class, directory, List.of(containerd.toString(), directory.toString()));
  }
}
