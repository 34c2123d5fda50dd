package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.testbed.IsolatedJvm;
import dev.tidewaiter.testbed.TestBed;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The adapter on a host with a real dockerd: the packaged old one, and the built new one with
/// either store.
class DockerHostIT {
  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void keepsTheHostAsDeclared(IsolatedDocker.Kind kind) {
    Path dockerd =
        kind.program().startsWith("/")
            ? TestBed.installed(kind.program())
            : TestBed.binary(kind.program());
    TestBed.installed("/usr/bin/containerd");
    TestBed.binary("containerd");
    TestBed.binary("registry");
    IsolatedJvm.run(
        DockerHostScenario.class,
        directory,
        List.of(kind.name(), dockerd.toString(), directory.toString()));
  }
}
