package dev.tidewaiter.target.host.containerd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.policy.RuleBook;
import dev.tidewaiter.target.Proof;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.HostRuntime;
import dev.tidewaiter.target.host.LocalFiles;
import dev.tidewaiter.target.host.OwnedFile;
import dev.tidewaiter.target.host.StateStore;
import dev.tidewaiter.target.host.certsd.HostsDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is taken for proven, by what is recorded and what containerd answers.
class RuntimeProofTest {
  private static final String TREE = "etc/containerd/certs.d/";
  private static final Containerd.Refusal DENIED =
      new Containerd.Refusal(5, "no resolve hosts: not found");
  private static final FakeImages.Answer ASKS =
      image ->
          new Containerd.Refusal(
              2, "lookup " + image.substring(0, image.indexOf('/')) + ": no such host");

  private static final Regime REGIME =
      new Regime(new RuleBook("production", "", null, new TreeMap<>()), null, Set.of());

  @TempDir private Path directory;
  private FileChanges changes;
  private FakeContainerd containerd;

  @BeforeEach
  void createHost() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root"));
    changes = new FileChanges(new LocalFiles(root), StateStore.in(directory.resolve("state")));
    containerd =
        FakeContainerd.started(
            root.resolve("etc/containerd/config.toml"), "1.7.24", "", Instant.EPOCH);
  }

  @Test
  void asksNobodyWhereNothingIsClaimed() throws Exception {
    assertThat(prove(containerd)).isEqualTo(new Proof.Proven());
    assertThat(prove(containerd.stopped())).isEqualTo(new Proof.Proven());
  }

  @Test
  void asksWhereTheDenialIsMalformedGoneOrElsewhere() throws Exception {
    own(ResourceKind.DENIAL, TREE + "_default/hosts.toml");
    assertThat(prove(containerd.pulling(ASKS))).isInstanceOf(Proof.Refuted.class);
    write(TREE + "_default/hosts.toml", "server = = 1");
    assertThat(prove(containerd.pulling(ASKS))).isInstanceOf(Proof.Refuted.class);
    assertThat(prove(containerd.pulling(_ -> DENIED))).isEqualTo(new Proof.Proven());
  }

  @Test
  void isInconclusiveWhileContainerdCannotSay() throws Exception {
    own(ResourceKind.DENIAL, TREE + "_default/hosts.toml");
    var starting = new Containerd.Refusal(14, "server is not initialized yet");
    assertThat(prove(containerd.pulling(_ -> starting))).isInstanceOf(Proof.Inconclusive.class);
    assertThat(prove(containerd.stopped())).isInstanceOf(Proof.Inconclusive.class);
  }

  @Test
  void triesARedirectOfDockerHub() throws Exception {
    own(ResourceKind.REGISTRY_HOST, TREE + "docker.io/hosts.toml");
    assertThat(prove(containerd.pulling(ASKS))).isEqualTo(new Proof.Proven());
    assertThat(prove(containerd.pulling(_ -> DENIED))).isInstanceOf(Proof.Refuted.class);
    assertThat(prove(containerd.stopped())).isInstanceOf(Proof.Inconclusive.class);
  }

  @Test
  void seesADirectoryThatSomebodyElseMadeWithoutAsking() throws Exception {
    own(ResourceKind.DENIAL, TREE + "_default/hosts.toml");
    FileContent denial = HostsDocument.denial(new TreeSet<>(Set.of("quay.io"))).render();
    write(TREE + "_default/hosts.toml", new String(denial.bytes(), StandardCharsets.UTF_8));
    HostRuntime runtime = runtime(containerd.stopped());
    assertThat(runtime.weaknesses(REGIME)).isEmpty();
    write(TREE + "evil.example/ca.crt", "whatever it is");
    assertThat(runtime.weaknesses(REGIME))
        .singleElement()
        .asString()
        .contains(TREE + "evil.example");
  }

  private Proof prove(Containerd asked) throws IOException {
    return runtime(asked).prove(REGIME);
  }

  private HostRuntime runtime(Containerd asked) {
    return new ContainerdRuntime(changes, asked, SettingsPermission.LEAVE, Sealer.withRandomKey());
  }

  private void own(ResourceKind kind, String path) throws IOException {
    var owners = new TreeMap<>(Map.of("content", "production"));
    var id = new ResourceId(kind, "containerd", path);
    changes.record(new HostPath(path), new OwnedFile(id, owners, "0644", Set.of(), null));
  }

  private void write(String path, String text) throws IOException {
    Path file = directory.resolve("root").resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
