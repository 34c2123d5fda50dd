package dev.tidewaiter.endtoend;

import dev.tidewaiter.testbed.IsolatedJvm;
import dev.tidewaiter.testbed.TestBed;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The product on a host with a real dockerd, the packaged old one and the built new one, with a
/// real Vault, real registries and docker's own client.
class DockerHostEndToEndIT {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "old, declaresCorrectsRotatesAndRetires",
    "new, declaresCorrectsRotatesAndRetiresConfined",
    "old, convergesAfterItWasKilled",
    "new, convergesAfterItWasKilled"
  })
  void keepsTheHostAsDeclared(String engine, String journey) {
    Path dockerd =
        engine.equals("old") ? TestBed.installed("/usr/sbin/dockerd") : TestBed.binary("dockerd");
    TestBed.installed("/usr/bin/containerd");
    IsolatedJvm.run(
        DockerHostJourney.class,
        directory,
        List.of(journey, dockerd.toString(), directory.toString()));
  }
}
