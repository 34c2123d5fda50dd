package dev.tidewaiter.target.host.containers;

import dev.tidewaiter.testbed.IsolatedJvm;
import dev.tidewaiter.testbed.TestBed;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The adapter on a host with a real podman and skopeo.
class ContainersHostIT {
  @TempDir private Path directory;

  @Test
  void keepsTheHostAsDeclared() {
    TestBed.installed("/usr/bin/podman");
    TestBed.installed("/usr/bin/skopeo");
    TestBed.binary("registry");
    IsolatedJvm.run(ContainersScenario.class, directory, List.of(directory.toString()));
  }
}
