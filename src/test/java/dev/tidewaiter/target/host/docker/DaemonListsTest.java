package dev.tidewaiter.target.host.docker;

import static dev.tidewaiter.target.host.docker.TestHost.ENVIRONMENT;
import static dev.tidewaiter.target.host.docker.TestHost.SETTINGS;
import static dev.tidewaiter.target.host.docker.TestHost.reason;
import static dev.tidewaiter.target.host.docker.TestHost.writes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.testing.Observing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `registry-mirrors`, and how it shares `daemon.json` with `insecure-registries` and with others.
class DaemonListsTest {
  private static final ResourceId MIRRORS =
      new ResourceId(ResourceKind.REGISTRY_MIRRORS, "docker", "etc/docker/daemon.json");
  private static final String LAB = "insecure-registries/lab.test:5000";
  private static final String HUB = "registry-mirrors/https://hub.test";

  @TempDir private Path directory;
  private TestHost host;
  private FakeEngine engine;

  @BeforeEach
  void createHost() throws IOException {
    host = TestHost.create(directory);
    engine = new FakeEngine(host.daemonJson());
  }

  @Test
  void keepsEachListForItself() throws Exception {
    Files.writeString(host.daemonJson(), "{\n  \"debug\": true\n}");
    Map<String, String> before = host.tree();
    applied(writes(SETTINGS, LAB));
    applied(writes(MIRRORS, HUB));
    assertThat(engine.insecureRegistries()).containsExactly("lab.test:5000");
    assertThat(engine.mirrors()).containsExactly("https://hub.test/");
    assertThat(observed()).extracting(ObservedResource::id).containsExactly(SETTINGS, MIRRORS);
    assertThat(observed().getFirst().fields()).containsOnlyKeys(LAB);
    assertThat(observed().getLast().fields())
        .containsExactly(Map.entry(HUB, new ObservedField(new FieldValue.Plain("present"), true)));

    applied(new Change.Prune(SETTINGS));
    assertThat(engine.insecureRegistries()).isEmpty();
    assertThat(Files.readString(host.daemonJson())).doesNotContain("insecure-registries");
    assertThat(observed()).extracting(ObservedResource::id).containsExactly(MIRRORS);

    applied(new Change.Prune(MIRRORS));
    assertThat(engine.mirrors()).isEmpty();
    assertThat(host.tree()).isEqualTo(before);
    assertThat(host.target().environments()).isEmpty();
  }

  @Test
  void showsMirrorsThatTheEngineForgotAsDrift() throws Exception {
    applied(writes(MIRRORS, HUB));
    engine = new FakeEngine(host.daemonJson());
    assertThat(observed().getFirst().fields())
        .containsEntry(HUB, new ObservedField(new FieldValue.Plain("not in force"), true));
  }

  @Test
  void leavesWhatIsReleased() throws Exception {
    applied(writes(SETTINGS, LAB));
    applied(writes(MIRRORS, HUB));
    assertThat(host.target(engine).release(ENVIRONMENT, SETTINGS)).isEqualTo(new Outcome.Applied());
    assertThat(observed()).extracting(ObservedResource::id).containsExactly(MIRRORS);
    applied(new Change.Prune(MIRRORS));
    assertThat(Files.readString(host.daemonJson()))
        .contains("lab.test:5000")
        .doesNotContain("hub.test");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://hub.test/path", "http://hub.test", "hub.test", "https://HUB.test"})
  void refusesAMirrorWithWhichDockerWouldNotStart(String mirror) throws Exception {
    for (DockerEngine any : List.of(engine, DockerEngine.NONE)) {
      Outcome outcome =
          host.target(any)
              .apply(ENVIRONMENT, writes(MIRRORS, "registry-mirrors/" + mirror), none());
      assertThat(reason(outcome)).isEqualTo(FailureReason.Unsafe);
      assertThat(host.daemonJson()).doesNotExist();
    }
    assertThat(engine.reloads()).isZero();
  }

  @Test
  void writesAMirrorWithAPathWhereDockerTakesIt() throws Exception {
    engine.become(new EngineInfo("29.0.0", 52, "vfs", false, Set.of(), Set.of()));
    applied(writes(MIRRORS, "registry-mirrors/https://hub.test/path"));
    assertThat(engine.mirrors()).containsExactly("https://hub.test/path/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--registry-mirror=https://a.test", "--insecure-registry=a.test"})
  void writesNothingBesideAFlag(String flag) throws Exception {
    engine = new FakeEngine(host.daemonJson(), flag);
    assertThat(reason(apply(writes(MIRRORS, HUB)))).isEqualTo(FailureReason.Unsafe);
    assertThat(host.daemonJson()).doesNotExist();
  }

  @Test
  void keepsWhatSomebodyElseWritesDuringTheReload() throws Exception {
    engine.onReload(this::addDebug);
    applied(writes(MIRRORS, HUB));
    assertThat(host.daemonJson()).content().contains("\"debug\"", "hub.test");
    applied(new Change.Prune(MIRRORS));
    assertThat(host.daemonJson()).content().contains("\"debug\"").doesNotContain("mirrors");
  }

  @Test
  void takesBackOnlyItsOwnWhereSomebodyElseWroteMeanwhile() throws Exception {
    engine.becomeDeaf();
    engine.onReload(this::addDebug);
    assertThat(reason(apply(writes(MIRRORS, HUB)))).isEqualTo(FailureReason.NotEffective);
    assertThat(host.daemonJson()).content().contains("\"debug\"").doesNotContain("hub.test");
  }

  private void addDebug() {
    try {
      String text = Files.readString(host.daemonJson());
      if (!text.contains("debug")) {
        Files.writeString(host.daemonJson(), text.replaceFirst("\\{", "{\"debug\": false, "));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<ObservedResource> observed() throws Exception {
    return Observing.all(host.target(engine), ENVIRONMENT, Set.of());
  }

  private void applied(Change change) throws IOException {
    assertThat(apply(change)).isEqualTo(new Outcome.Applied());
  }

  private Outcome apply(Change change) throws IOException {
    return host.target(engine).apply(ENVIRONMENT, change, none());
  }

  private static Compiled.Payloads none() {
    return (_, _) -> null;
  }
}
