package dev.tidewaiter.target.host.docker;

import static dev.tidewaiter.target.host.docker.TestHost.ENVIRONMENT;
import static dev.tidewaiter.target.host.docker.TestHost.SETTINGS;
import static dev.tidewaiter.target.host.docker.TestHost.reason;
import static dev.tidewaiter.target.host.docker.TestHost.writes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.CrashingFiles;
import dev.tidewaiter.target.host.HostTarget;
import dev.tidewaiter.testing.Observing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `insecure-registries` while an engine runs. What a real one does is in [DockerHostIT].
class DaemonSettingsTest {
  private static final String LAB = "insecure-registries/lab.test:5000";

  @TempDir private Path directory;
  private TestHost host;

  @BeforeEach
  void createHost() throws IOException {
    host = TestHost.create(directory);
  }

  @Test
  void reloadsAndTakesBack() throws Exception {
    var engine = new FakeEngine(host.daemonJson());
    Map<String, String> before = host.tree();
    assertThat(apply(engine, writes(SETTINGS, LAB))).isEqualTo(new Outcome.Applied());
    assertThat(engine.insecureRegistries()).containsExactly("lab.test:5000");
    assertThat(apply(engine, new Change.Prune(SETTINGS))).isEqualTo(new Outcome.Applied());
    assertThat(engine.insecureRegistries()).isEmpty();
    assertThat(host.tree()).isEqualTo(before);
  }

  @Test
  void rollsBackWhatDoesNotShow() throws Exception {
    Files.writeString(host.daemonJson(), "{\"debug\": true}");
    var engine = new FakeEngine(host.daemonJson());
    engine.becomeDeaf();
    assertThat(reason(apply(engine, writes(SETTINGS, LAB)))).isEqualTo(FailureReason.NotEffective);
    assertThat(host.daemonJson()).hasContent("{\"debug\": true}");
    assertThat(host.target().environments()).isEmpty();
  }

  @Test
  void keepsOursWhereAWithdrawalDoesNotShow() throws Exception {
    var engine = new FakeEngine(host.daemonJson());
    assertThat(apply(engine, writes(SETTINGS, LAB))).isEqualTo(new Outcome.Applied());
    String written = Files.readString(host.daemonJson());
    engine.becomeDeaf();
    assertThat(reason(apply(engine, new Change.Prune(SETTINGS))))
        .isEqualTo(FailureReason.NotEffective);
    assertThat(host.daemonJson()).hasContent(written);
    assertThat(host.target().environments()).containsExactly(ENVIRONMENT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--insecure-registry=a.test",
        "--insecure-registry",
        "--authorization-plugin=guard",
        "--config-file=relative.json"
      })
  void doesNotReloadBesideSuchAFlag(String flag) throws Exception {
    var engine = new FakeEngine(host.daemonJson(), flag);
    assertThat(reason(apply(engine, writes(SETTINGS, LAB)))).isEqualTo(FailureReason.Unsafe);
    assertThat(engine.reloads()).isZero();
    assertThat(host.daemonJson()).doesNotExist();
  }

  @Test
  void reloadsOnlyWhereAuthorizationPluginsAreFound() throws Exception {
    Files.writeString(host.daemonJson(), "{\"authorization-plugins\": [\"guard\"]}");
    var engine = new FakeEngine(host.daemonJson());
    assertThat(reason(apply(engine, writes(SETTINGS, LAB)))).isEqualTo(FailureReason.Unsafe);
    assertThat(engine.reloads()).isZero();
    Path plugins = Files.createDirectories(host.root().resolve("etc/docker/plugins"));
    Files.writeString(plugins.resolve("guard.spec"), "unix:///run/guard.sock");
    assertThat(apply(engine, writes(SETTINGS, LAB))).isEqualTo(new Outcome.Applied());
  }

  @Test
  void leavesWhatSomebodyElseMarked() throws Exception {
    String foreign = "{\"insecure-registries\": [\"lab.test:5000\", \"foreign.test\"]}";
    Files.writeString(host.daemonJson(), foreign);
    var engine = new FakeEngine(host.daemonJson());
    engine.reload();
    assertThat(apply(engine, writes(SETTINGS, LAB))).isEqualTo(new Outcome.Applied());
    assertThat(host.target().environments()).isEmpty();
    assertThat(apply(engine, new Change.Prune(SETTINGS))).isInstanceOf(Outcome.Unchanged.class);
    assertThat(host.daemonJson()).hasContent(foreign);
  }

  @Test
  void convergesAfterACrashAtAnyStepOfWithdrawing() throws Exception {
    Map<String, String> clean = host.tree();
    int steps = 0;
    boolean crashed = true;
    while (crashed) {
      var engine = new FakeEngine(host.daemonJson());
      assertThat(apply(engine, writes(SETTINGS, LAB))).isEqualTo(new Outcome.Applied());
      crashed = crashes(host.target(engine, steps++), new Change.Prune(SETTINGS));
      boolean left = !Observing.all(host.target(engine), ENVIRONMENT, Set.of()).isEmpty();
      if (left) {
        assertThat(apply(engine, new Change.Prune(SETTINGS))).isEqualTo(new Outcome.Applied());
      }
      assertThat(host.tree()).as("after a crash at step " + steps).isEqualTo(clean);
      assertThat(engine.insecureRegistries()).isEmpty();
    }
    assertThat(steps).isGreaterThan(5);
  }

  @Test
  void convergesAfterACrashAtAnyStepOfWriting() throws Exception {
    Map<String, String> clean = host.tree();
    int steps = 0;
    boolean crashed = true;
    while (crashed) {
      var engine = new FakeEngine(host.daemonJson());
      crashed = crashes(host.target(engine, steps++), writes(SETTINGS, LAB));
      assertThat(apply(engine, writes(SETTINGS, LAB))).isEqualTo(new Outcome.Applied());
      assertThat(engine.insecureRegistries())
          .as("after a crash at step " + steps)
          .containsExactly("lab.test:5000");
      assertThat(apply(engine, new Change.Prune(SETTINGS))).isEqualTo(new Outcome.Applied());
      assertThat(host.tree()).isEqualTo(clean);
    }
    assertThat(steps).isGreaterThan(5);
  }

  @Test
  void showsWhatTheEngineForgotAsDrift() throws Exception {
    assertThat(apply(new FakeEngine(host.daemonJson()), writes(SETTINGS, LAB)))
        .isEqualTo(new Outcome.Applied());
    var started = new FakeEngine(host.daemonJson());
    assertThat(Observing.all(host.target(started), ENVIRONMENT, Set.of()).getFirst().fields())
        .containsEntry(LAB, new ObservedField(new FieldValue.Plain("not in force"), true));
  }

  private static boolean crashes(HostTarget target, Change change) {
    try {
      Outcome outcome = target.apply(ENVIRONMENT, change, (_, _) -> null);
      assertThat(outcome).isEqualTo(new Outcome.Applied());
      return false;
    } catch (CrashingFiles.Crash _) {
      return true;
    }
  }

  private Outcome apply(DockerEngine engine, Change change) throws IOException {
    return host.target(engine).apply(ENVIRONMENT, change, (_, _) -> null);
  }
}
