package dev.tidewaiter.target.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.desired.Surroundings;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.RuleBook;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.testing.SampleRuntimes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostTargetTest {
  private static final Regime REGIME =
      new Regime(new RuleBook("production", "", null, new TreeMap<>()), null, Set.of());

  @TempDir private Path directory;
  private FileChanges changes;

  @BeforeEach
  void createChanges() throws IOException {
    changes = new FileChanges(new LocalFiles(directory), StateStore.in(directory.resolve("state")));
  }

  @Test
  void asksTheOtherRuntimesWhereOneDoesNotSay() throws Exception {
    var docker = new ScriptedRuntime("docker");
    docker.facts = SampleRuntimes.docker();
    var containerd = new ScriptedRuntime("containerd");
    containerd.failing = true;

    var host = (Surroundings.Host) target(docker, containerd).surroundings();

    assertThat(host.runtimes()).extracting(RuntimeFacts::scope).containsExactly("docker");
    assertThat(host.unknown()).containsOnlyKeys("containerd");
    assertThat(host.unknown().get("containerd")).doesNotContain(ScriptedRuntime.SECRETIVE);
  }

  @Test
  void callsBackWhenADaemonShowsSomethingElse() throws Exception {
    var docker = new ScriptedRuntime("docker");
    var events = new LinkedBlockingQueue<String>();
    try (HostTarget target = target(docker)) {
      target.watch(event -> events.add(event.scope()));
      docker.awaitQuestions(2);
      docker.failing = true;
      docker.awaitQuestions(2);
      docker.failing = false;
      docker.awaitQuestions(2);
      assertThat(events).isEmpty();
      docker.running = "another process";
      assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("docker");
    }
  }

  @Test
  void provesOnlyWhereTheEnvironmentRefusesOrRedirects() throws Exception {
    var docker = new ScriptedRuntime("docker");
    docker.proof = new Proof.Refuted("must not be asked");
    HostTarget target = target(docker);
    assertThat(target.prove("production", REGIME)).isEqualTo(new Proof.Proven());
    own("docker", ResourceKind.REGISTRY_HOST, "etc/docker/certs.d/quay.io/hosts.toml");
    assertThat(target.prove("production", REGIME)).isEqualTo(new Proof.Proven());
    own("docker", ResourceKind.REGISTRY_HOST, "etc/docker/certs.d/docker.io/hosts.toml");
    assertThat(target.prove("staging", REGIME)).isEqualTo(new Proof.Proven());
    assertThat(target.prove("production", REGIME))
        .isEqualTo(new Proof.Refuted("docker: must not be asked", Set.of("docker")));
  }

  @Test
  void tellsWhatWeakensWhereTheEnvironmentRefuses() throws Exception {
    var docker = new ScriptedRuntime("docker");
    var containers = new ScriptedRuntime("containers");
    docker.proof = new Proof.Refuted("must not be asked");
    docker.weaknesses = List.of("one.", "two.");
    containers.weaknesses = List.of("must not be told: nothing is refused there");
    own("docker", ResourceKind.DENIAL, "etc/docker/certs.d/_default/hosts.toml");
    HostTarget target = target(docker, containers);
    assertThat(target.weakened("staging", REGIME)).isEmpty();
    assertThat(target.weakened("production", REGIME))
        .contains(new Proof.Inconclusive("docker: one. two."));
    docker.weaknesses = List.of();
    assertThat(target.weakened("production", REGIME)).isEmpty();
  }

  @Test
  void failsAsAWholeWhereOneRuntimeFails() throws Exception {
    var docker = new ScriptedRuntime("docker");
    var containers = new ScriptedRuntime("containers");
    own("docker", ResourceKind.DENIAL, "etc/docker/certs.d/_default/hosts.toml");
    own("containers", ResourceKind.SIGNATURE_POLICY, "etc/containers/policy.json");
    HostTarget target = target(docker, containers);
    docker.failing = true;
    assertThat(target.prove("production", REGIME))
        .isInstanceOfSatisfying(
            Proof.Inconclusive.class, proof -> assertThat(proof.detail()).startsWith("docker: "));
    containers.proof = new Proof.Refuted("it pulls all the same");
    assertThat(target.prove("production", REGIME))
        .isEqualTo(new Proof.Refuted("containers: it pulls all the same", Set.of("containers")));
  }

  private HostTarget target(HostRuntime... runtimes) {
    var identity = new HostTarget.Identity("test", directory, Map.of());
    return new HostTarget(identity, changes, List.of(runtimes), Duration.ofMillis(2));
  }

  private void own(String scope, ResourceKind kind, String path) throws IOException {
    changes.record(
        new HostPath(path),
        new OwnedFile(
            new ResourceId(kind, scope, path),
            new TreeMap<>(Map.of("content", "production")),
            "0644",
            Set.of(),
            null));
  }

  /// A runtime that says what it is told to.
  private static final class ScriptedRuntime implements HostRuntime {
    static final String SECRETIVE = "what a daemon said";

    private final String name;
    private final LinkedBlockingQueue<String> questions = new LinkedBlockingQueue<>();
    private volatile boolean failing;
    private volatile String running = "process 1";
    private Proof proof = new Proof.Proven();
    private List<String> weaknesses = List.of();
    private RuntimeFacts facts = SampleRuntimes.containers();

    ScriptedRuntime(String name) {
      this.name = name;
    }

    void awaitQuestions(int count) throws InterruptedException {
      questions.clear();
      for (int i = 0; i < count; i++) {
        assertThat(questions.poll(10, TimeUnit.SECONDS)).isNotNull();
      }
    }

    private void answer() throws IOException {
      if (failing) {
        throw new IOException(SECRETIVE);
      }
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Optional<RuntimeFacts> facts() throws IOException {
      answer();
      return Optional.of(facts);
    }

    @Override
    public String running() throws IOException {
      questions.add(name);
      answer();
      return running;
    }

    @Override
    public Proof prove(Regime regime) throws IOException {
      answer();
      return proof;
    }

    @Override
    public List<String> weaknesses(Regime regime) {
      return weaknesses;
    }

    @Override
    public Optional<ObservedResource> observe(String environment, ResourceId id) {
      return Optional.empty();
    }

    @Override
    public Outcome apply(String environment, Change change, Compiled.Payloads payloads) {
      return new Outcome.Applied();
    }

    @Override
    public Set<HostPath> directories() {
      return Set.of();
    }
  }
}
