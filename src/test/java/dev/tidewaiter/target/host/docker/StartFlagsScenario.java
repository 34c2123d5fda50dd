package dev.tidewaiter.target.host.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.testbed.AuthorizationPlugin;
import dev.tidewaiter.testbed.DockerdServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Engines whose flags decide what a reload does.
record StartFlagsScenario(IsolatedDocker host, Path dockerd) {
  private static final Change INSECURE =
      IsolatedDocker.create(IsolatedDocker.INSECURE, "insecure-registries/lab.test");
  private static final Change MIRROR =
      IsolatedDocker.create(IsolatedDocker.MIRRORS, "registry-mirrors/https://lab.test");

  void run() throws IOException {
    neverReloadsAwayAPluginThatIsAFlag();
    if (host.kind() == IsolatedDocker.Kind.OLD) {
      refusesAKeyThatIsAFlag();
      followsAFileElsewhere();
    }
  }

  private void refusesAKeyThatIsAFlag() throws IOException {
    try (DockerdServer engine =
        host.start(
            dockerd, "--registry-mirror=https://flag.test", "--insecure-registry", "flag.test:1")) {
      host.failed(MIRROR, FailureReason.Unsafe);
      host.failed(INSECURE, FailureReason.Unsafe);
      assertThat(IsolatedDocker.SETTINGS).doesNotExist();
      assertThat(engine.info()).contains("https://flag.test/");
    }
  }

  // It would be gone without a word, and what it denied would be pulled.
  private void neverReloadsAwayAPluginThatIsAFlag() throws IOException {
    try (AuthorizationPlugin _ = AuthorizationPlugin.denying("guard", "denied-by-guard");
        DockerdServer engine = host.start(dockerd, "--authorization-plugin=guard")) {
      assertThat(engine.pull("reg.test/denied-by-guard", "1")).contains("guard says no");
      assertThat(host.failed(MIRROR, FailureReason.Unsafe)).contains("--authorization-plugin");
      assertThat(IsolatedDocker.SETTINGS).doesNotExist();
      assertThat(engine.pull("reg.test/denied-by-guard", "1")).contains("guard says no");
    }
  }

  private void followsAFileElsewhere() throws IOException {
    Path elsewhere = host.directory().resolve("elsewhere.json");
    Files.writeString(elsewhere, "{}");
    try (DockerdServer engine = host.start(dockerd, "--config-file=" + elsewhere)) {
      host.applied(INSECURE);
      host.applied(MIRROR);
      assertThat(engine.info()).contains("\"lab.test\"", "https://lab.test/");
      assertThat(IsolatedDocker.SETTINGS).doesNotExist();
      host.applied(new Change.Prune(IsolatedDocker.MIRRORS));
      host.applied(new Change.Prune(IsolatedDocker.INSECURE));
      assertThat(elsewhere).hasContent("{}");
      assertThat(engine.info()).doesNotContain("lab.test");
    }
  }
}
