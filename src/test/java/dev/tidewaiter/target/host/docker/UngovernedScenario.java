package dev.tidewaiter.target.host.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.testbed.DockerdServer;
import dev.tidewaiter.testbed.RegistryServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// A denial on an engine that does not follow it, whatever its version says: seen at once, and
/// taken back.
record UngovernedScenario(IsolatedDocker host, DockerdServer engine) {
  private static final String IMAGE = "127.0.0.1:5002/demo/hello";

  void run() throws IOException {
    Path directory = Files.createDirectories(host.directory().resolve("ungoverned"));
    RegistryServer.store(directory, "demo/hello", "1");
    Map<Path, String> before = IsolatedDocker.tree();
    var options = RegistryServer.Options.plain("127.0.0.1", 5002);
    try (RegistryServer _ = RegistryServer.start(directory, options)) {
      host.applied(GovernanceScenario.reached("reg.test:5443", "https://reg.test:5443"));
      assertThat(
              host.failed(GovernanceScenario.denial("reg.test:5443"), FailureReason.NotEffective))
          .contains("containerd image store");
      host.applied(new Change.Prune(GovernanceScenario.hosts("reg.test:5443")));
      assertThat(engine.pulls(IMAGE, "1")).as(engine.log()).isTrue();
    }
    assertThat(IsolatedDocker.tree()).isEqualTo(before);
  }
}
