package dev.tidewaiter.target.host.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.testbed.AuthorizationPlugin;
import dev.tidewaiter.testbed.DockerdServer;
import dev.tidewaiter.testbed.IsolatedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/// What would harm an engine at a reload, or at its next start: nothing of it is written, or what
/// was written is taken back, and the engine lives on.
record ReloadTrapsScenario(IsolatedDocker host, DockerdServer engine) {
  private static final String REGISTRY = IsolatedJvm.ADDRESS + ":5000";
  private static final Change INSECURE =
      IsolatedDocker.create(IsolatedDocker.INSECURE, "insecure-registries/" + REGISTRY);
  private static final Change MIRROR =
      IsolatedDocker.create(
          IsolatedDocker.MIRRORS, "registry-mirrors/https://mirror.test:5443/path");

  void run() throws Exception {
    assertThat(IsolatedDocker.SETTINGS).doesNotExist();
    writesNothingThatDockerdWouldNotStartWith();
    takesBackWhatIsNotReloaded();
    refusesWhereAPluginIsMissing();
    keepsAPluginThatIsThere();
    assertThat(engine.isAlive()).isTrue();
    assertThat(host.target().environments()).isEmpty();
  }

  private void writesNothingThatDockerdWouldNotStartWith() throws IOException {
    for (String entry : List.of("http://ok.test:1/foo", "lab.test/path", "LAB.test")) {
      host.failed(
          IsolatedDocker.create(IsolatedDocker.INSECURE, "insecure-registries/" + entry),
          FailureReason.Unsafe);
    }
    if (host.kind() == IsolatedDocker.Kind.OLD) {
      host.failed(MIRROR, FailureReason.Unsafe);
      assertThat(IsolatedDocker.SETTINGS).doesNotExist();
    } else {
      host.applied(MIRROR);
      assertThat(engine.info()).contains("https://mirror.test:5443/path");
      host.applied(new Change.Prune(IsolatedDocker.MIRRORS));
      assertThat(engine.info()).doesNotContain("mirror.test");
    }
    assertThat(IsolatedDocker.SETTINGS).doesNotExist();
  }

  // dockerd refuses the first two as a whole; of the third it logs an error, and then "Reloaded
  // configuration".
  private void takesBackWhatIsNotReloaded() throws IOException {
    String notJson = "{\"debug\": ";
    Files.writeString(IsolatedDocker.SETTINGS, notJson);
    host.failed(INSECURE, FailureReason.Unsafe);
    assertThat(Files.readString(IsolatedDocker.SETTINGS)).isEqualTo(notJson);
    for (String foreign :
        List.of(
            "{\"no-such-key\": 1}\n", "{\"insecure-registries\": [\"http://ok.test:1/foo\"]}")) {
      Files.writeString(IsolatedDocker.SETTINGS, foreign);
      host.failed(INSECURE, FailureReason.NotEffective);
      assertThat(Files.readString(IsolatedDocker.SETTINGS)).isEqualTo(foreign);
      assertThat(engine.info()).doesNotContain(REGISTRY);
    }
  }

  // A reload would end dockerd.
  private void refusesWhereAPluginIsMissing() throws IOException {
    String trap = "{\"authorization-plugins\": [\"nosuchplugin\"]}";
    Files.writeString(IsolatedDocker.SETTINGS, trap);
    host.failed(INSECURE, FailureReason.Unsafe);
    assertThat(Files.readString(IsolatedDocker.SETTINGS)).isEqualTo(trap);
  }

  private void keepsAPluginThatIsThere() throws IOException {
    String settings = "{\"authorization-plugins\": [\"guard\"]}";
    try (AuthorizationPlugin _ = AuthorizationPlugin.denying("guard", "denied-by-guard")) {
      Files.writeString(IsolatedDocker.SETTINGS, settings);
      host.applied(INSECURE);
      assertThat(engine.info()).contains(REGISTRY);
      assertThat(engine.pull("reg.test/denied-by-guard", "1")).contains("guard says no");
      host.applied(new Change.Prune(IsolatedDocker.INSECURE));
      assertThat(Files.readString(IsolatedDocker.SETTINGS)).isEqualTo(settings);
      assertThat(engine.pull("reg.test/denied-by-guard", "1")).contains("guard says no");
      Files.writeString(IsolatedDocker.SETTINGS, "{}");
      host.applied(INSECURE);
      host.applied(new Change.Prune(IsolatedDocker.INSECURE));
      assertThat(engine.pull("reg.test/denied-by-guard", "1")).doesNotContain("guard says no");
    }
    Files.delete(IsolatedDocker.SETTINGS);
  }
}
