package dev.tidewaiter.target.host.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.desired.RuntimeFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an engine is said to be able to do. What real ones say of themselves is in [DockerHostIT].
class EngineFactsTest {
  private static final EngineInfo OLD =
      new EngineInfo("20.10.24+dfsg1", 41, "overlay2", false, Set.of(), Set.of());
  private static final EngineInfo NEW =
      new EngineInfo("29.0.0", 52, "overlayfs", true, Set.of(), Set.of());

  @TempDir private Path directory;

  @Test
  void saysWhyAnOldOneCannotRefuse() {
    RuntimeFacts facts = EngineFacts.of(OLD);
    assertThat(facts.lack(Capability.ALLOW_LIST).orElseThrow())
        .isEqualTo(
            "Docker 20.10.24+dfsg1 cannot refuse registries: that needs Docker 28 with the"
                + " containerd image store (`features.containerd-snapshotter`; switching hides the"
                + " images that are there)");
    assertThat(facts.capabilities())
        .containsExactlyInAnyOrder(
            Capability.CA,
            Capability.CLIENT_CERTIFICATE,
            Capability.INSECURE,
            Capability.HUB_MIRRORS,
            Capability.USER_CREDENTIALS);
  }

  @Test
  void goesByTheStoreAndNotByTheVersionAlone() {
    var graph = new EngineInfo("29.0.0", 52, "overlay2", false, Set.of(), Set.of());
    assertThat(EngineFacts.of(graph).lack(Capability.ALLOW_LIST).orElseThrow())
        .startsWith("Docker 29.0.0 with the graph driver overlay2 cannot refuse registries")
        .contains("that needs the containerd image store");
    var early = new EngineInfo("26.1.5", 45, "overlayfs", true, Set.of(), Set.of());
    assertThat(EngineFacts.of(early).lack(Capability.ALLOW_LIST).orElseThrow())
        .contains("26.1.5 with the containerd image store", "needs Docker 28");
    assertThat(EngineFacts.of(NEW).lacks())
        .containsOnlyKeys(Capability.ALLOW_LIST_PATHS, Capability.TRUST_STORE);
    assertThat(EngineFacts.of(NEW).version()).isEqualTo("29.0.0 with the containerd image store");
  }

  @Test
  void keepsWhatItKnowsWhileTheEngineIsDown() throws Exception {
    TestHost host = TestHost.create(directory);
    var engine = new FakeEngine(host.daemonJson());
    engine.become(NEW);
    var down = new boolean[1];
    DockerRuntime runtime = host.runtime(() -> down[0] ? Optional.empty() : engine.find());
    assertThat(runtime.facts().orElseThrow().can(Capability.ALLOW_LIST)).isTrue();
    down[0] = true;
    assertThat(runtime.facts().orElseThrow().can(Capability.ALLOW_LIST)).isTrue();
    assertThat(runtime.running()).isEmpty();
  }

  @Test
  void asksNothingOfAnEngineThatNeverAnswered() throws Exception {
    TestHost host = TestHost.create(directory);
    DockerEngine silent =
        () -> {
          throw new IOException("no answer");
        };
    for (DockerEngine engine : new DockerEngine[] {DockerEngine.NONE, Optional::empty, silent}) {
      RuntimeFacts facts = host.runtime(engine).facts().orElseThrow();
      assertThat(facts.version()).isEmpty();
      assertThat(facts.can(Capability.ALLOW_LIST)).isFalse();
      assertThat(facts.can(Capability.INSECURE)).isTrue();
      assertThat(facts.can(Capability.HUB_MIRRORS)).isTrue();
      assertThat(facts.can(Capability.USER_CREDENTIALS)).isTrue();
    }
  }
}
