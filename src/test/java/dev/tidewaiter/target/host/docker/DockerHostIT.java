package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.testbed.IsolatedJvm;
import dev.tidewaiter.testbed.TestBed;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The adapter on a host with a real dockerd: the packaged old one, and the built new one.
class DockerHostIT {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "old, trustsAPrivateCaWithoutRestart",
    "new, trustsAPrivateCaWithoutRestart",
    "old, marksInsecureAndTakesItBack",
    "new, marksInsecureAndTakesItBack",
    "old, appliesAgainWhatTheEngineDoesNotShow",
    "new, appliesAgainWhatTheEngineDoesNotShow",
    "old, rollsBackWhatTheEngineRefuses",
    "new, rollsBackWhatTheEngineRefuses",
    "old, refusesWhereAReloadWouldDoHarm",
    "new, refusesWhereAReloadWouldDoHarm",
    "old, writesFilesWhileNoEngineRuns",
    "new, writesFilesWhileNoEngineRuns"
  })
  void keepsTheHostAsDeclared(String engine, String scenario) {
    Path dockerd =
        engine.equals("old") ? TestBed.installed("/usr/sbin/dockerd") : TestBed.binary("dockerd");
    TestBed.installed("/usr/bin/containerd");
    TestBed.binary("registry");
    IsolatedJvm.run(
        DockerHostScenario.class,
        directory,
        List.of(scenario, dockerd.toString(), directory.toString()));
  }
}
