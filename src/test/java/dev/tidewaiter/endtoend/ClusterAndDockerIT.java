package dev.tidewaiter.endtoend;

import dev.tidewaiter.testbed.IsolatedJvm;
import dev.tidewaiter.testbed.TestBed;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One commit that limits what a real cluster admits and what a real dockerd pulls, and one that
/// takes it back.
class ClusterAndDockerIT {
  @TempDir private Path directory;

  @Test
  void oneCommitGovernsBothAndOneLetsBothGo() {
    TestBed.installed("/usr/bin/containerd");
    IsolatedJvm.run(
        ClusterAndDockerJourney.class,
        directory,
        List.of(TestBed.binary("dockerd").toString(), directory.toString()));
  }
}
