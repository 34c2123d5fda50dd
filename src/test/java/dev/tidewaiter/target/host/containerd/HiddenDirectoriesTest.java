package dev.tidewaiter.target.host.containerd;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.model.Sealer;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.LocalFiles;
import dev.tidewaiter.target.host.OwnedFile;
import dev.tidewaiter.target.host.StateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a first directory of ours takes from containerd where it looks in several trees.
class HiddenDirectoriesTest {
  private static final String OURS = "etc/containerd/certs.d/";
  private static final String DOCKER = "etc/docker/certs.d/";

  @TempDir private Path directory;
  private Path root;
  private FileChanges changes;

  @BeforeEach
  void createHost() throws IOException {
    root = Files.createDirectories(directory.resolve("root"));
    changes = new FileChanges(new LocalFiles(root), StateStore.in(directory.resolve("state")));
  }

  @Test
  void refusesToHideWhatSomebodyElseMade() throws Exception {
    write(DOCKER + "quay.test/ca.crt");
    refused(OURS + "quay.test/ca.crt", DOCKER + "quay.test");
    refused(OURS + "quay.test/hosts.toml", DOCKER + "quay.test");
    accepted(OURS + "other.test/ca.crt");
    write(DOCKER + "quay.test_5000_/hosts.toml");
    refused(OURS + "quay.test:5000/hosts.toml", DOCKER + "quay.test_5000_");
    refused(OURS + "_default/hosts.toml", DOCKER + "quay.test, /" + DOCKER + "quay.test_5000_");
  }

  @Test
  void refusesBeforeAnythingIsWritten() throws Exception {
    write(DOCKER + "quay.test/ca.crt");
    var runtime =
        new ContainerdRuntime(
            changes, containerd("2.2.0"), SettingsPermission.LEAVE, Sealer.withRandomKey());
    assertThatThrownBy(
            () ->
                runtime.apply("production", create(OURS + "quay.test/hosts.toml"), (_, _) -> null))
        .isInstanceOf(HostFileException.class)
        .hasMessageContaining("would not read");
  }

  @Test
  void hidesWhatIsHiddenAlreadyOrNobodys() throws Exception {
    write(DOCKER + "quay.test/ca.crt");
    write(OURS + "quay.test/ca.crt");
    accepted(OURS + "quay.test/hosts.toml");
    accepted(OURS + "_default/hosts.toml");
    write(DOCKER + "later.test/ca.crt");
    write(OURS + "_default/hosts.toml");
    accepted(OURS + "later.test/hosts.toml");
  }

  @Test
  void hidesWhatIsOursForDocker() throws Exception {
    write(DOCKER + "quay.test/ca.crt");
    var id = new ResourceId(ResourceKind.CERTIFICATE_FILE, "docker", DOCKER + "quay.test/ca.crt");
    var owners = new TreeMap<>(Map.of("content", "production"));
    changes.record(new HostPath(id.name()), new OwnedFile(id, owners, "0644", Set.of(), null));
    accepted(OURS + "quay.test/ca.crt");
    accepted(OURS + "_default/hosts.toml");
    write(DOCKER + "quay.test/client.cert");
    refused(OURS + "quay.test/ca.crt", DOCKER + "quay.test");
  }

  @Test
  void hidesNothingWhereOneTreeIsLookedIn() throws Exception {
    write(DOCKER + "quay.test/ca.crt");
    assertThatCode(() -> require("1.7.24", OURS + "quay.test/ca.crt")).doesNotThrowAnyException();
  }

  private void accepted(String path) {
    assertThatCode(() -> require("2.2.0", path)).doesNotThrowAnyException();
  }

  private void refused(String path, String hidden) {
    assertThatThrownBy(() -> require("2.2.0", path))
        .isInstanceOf(HostFileException.class)
        .hasMessageContaining("/" + hidden + " any more");
  }

  private void require(String version, String path) throws IOException {
    new HiddenDirectories(changes, containerd(version)).require(create(path));
  }

  // 2.2 looks into Docker's tree too.
  private FakeContainerd containerd(String version) {
    return FakeContainerd.started(
        root.resolve("etc/containerd/config.toml"), version, "", Instant.EPOCH);
  }

  private static Change create(String path) {
    ResourceKind kind =
        path.endsWith("_default/hosts.toml")
            ? ResourceKind.DENIAL
            : path.endsWith(".toml") ? ResourceKind.REGISTRY_HOST : ResourceKind.CERTIFICATE_FILE;
    return new Change.Create(new ResourceId(kind, "containerd", path), new TreeMap<>());
  }

  private void write(String path) throws IOException {
    Files.createDirectories(root.resolve(path).getParent());
    Files.writeString(root.resolve(path), "as it was");
  }
}
