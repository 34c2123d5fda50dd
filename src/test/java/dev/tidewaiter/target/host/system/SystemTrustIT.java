package dev.tidewaiter.target.host.system;

import dev.tidewaiter.testbed.IsolatedJvm;
import dev.tidewaiter.testbed.TestBed;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The trust store of this system, in a copy that only the test sees.
class SystemTrustIT {
  @TempDir private Path directory;

  @Test
  void bringsACaIntoForceAndTakesItBack() {
    TestBed.installed("/usr/sbin/update-ca-certificates");
    TestBed.installed("/usr/bin/skopeo");
    TestBed.binary("registry");
    IsolatedJvm.run(SystemTrustScenario.class, directory, List.of(directory.toString()));
  }
}
