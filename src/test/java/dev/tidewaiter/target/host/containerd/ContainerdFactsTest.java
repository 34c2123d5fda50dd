package dev.tidewaiter.target.host.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.desired.Capability;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
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
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said of a containerd that says this or that. Real ones are in [ContainerdHostIT].
class ContainerdFactsTest {
  private static final String OLD = "plugins.\"io.containerd.grpc.v1.cri\".registry";
  private static final String NEW = "plugins.'io.containerd.cri.v1.images'.registry";
  private static final String SET = ".config_path = \"/etc/containerd/certs.d\"\n";
  private static final Instant LONG_AGO = Instant.EPOCH;
  private static final Instant LATER = Instant.parse("2999-01-01T00:00:00Z");

  @TempDir private Path directory;
  private FileChanges changes;
  private Path settings;

  @BeforeEach
  void createHost() throws IOException {
    settings = directory.resolve("root/etc/containerd/config.toml");
    Files.createDirectories(settings.getParent());
    Files.writeString(settings, "version = 2\n");
    changes =
        new FileChanges(
            new LocalFiles(directory.resolve("root")), StateStore.in(directory.resolve("state")));
  }

  @Test
  void saysWhatToWriteWhereNothingIsSet() throws Exception {
    RuntimeFacts facts = facts(fake("1.7.24", OLD + ".config_path = ''\n", LATER));
    assertThat(facts.directory()).isEmpty();
    assertThat(facts.lacks()).containsKeys(Capability.values());
    assertThat(facts.lack(Capability.CA).orElseThrow())
        .contains("config.toml", "io.containerd.grpc.v1.cri", "imported", "configPath: Set");
  }

  @Test
  void namesTheDirectoryThatItMayWrite() throws Exception {
    var fake = fake("1.7.24", OLD + ".config_path = ''\n", LATER);
    RuntimeFacts facts =
        new ContainerdFacts(changes, fake, SettingsPermission.SET).find().orElseThrow();
    assertThat(facts.directory()).isEqualTo("etc/containerd/certs.d");
    assertThat(facts.lacks()).containsKeys(Capability.values());
  }

  @Test
  void knowsTheDefaultOfNewVersions() throws Exception {
    assertThat(facts(fake("2.2.0", NEW + ".config_path = ''\n", LATER)).directory())
        .isEqualTo("etc/containerd/certs.d");
    assertThat(facts(fake("2.1.9", NEW + ".config_path = ''\n", LATER)).directory()).isEmpty();
    String mirrors = NEW + ".mirrors.'docker.io'.endpoint = ['https://m.test']\n";
    assertThat(facts(fake("2.2.0", mirrors, LATER)).lack(Capability.CA).orElseThrow())
        .contains("`mirrors`");
  }

  @Test
  void knowsWhatCameWithWhichVersion() throws Exception {
    assertThat(facts(fake("1.6.16", OLD + SET, LATER)).lacks())
        .containsKeys(Capability.ALLOW_LIST, Capability.NODE_CREDENTIALS)
        .doesNotContainKey(Capability.CA);
    assertThat(facts(fake("1.6.17", OLD + SET, LATER)).lacks())
        .containsKey(Capability.NODE_CREDENTIALS)
        .doesNotContainKey(Capability.ALLOW_LIST);
    assertThat(facts(fake("2.1.0", NEW + SET, LATER)).lacks())
        .doesNotContainKeys(Capability.NODE_CREDENTIALS, Capability.ALLOW_LIST);
  }

  @Test
  void takesTheFirstOfSeveralDirectories() throws Exception {
    String two = NEW + ".config_path = '/srv/certs:/etc/containerd/certs.d'\n";
    assertThat(facts(fake("2.0.0", two, LATER)).directory()).isEqualTo("srv/certs");
  }

  @Test
  void wantsARestartWhereTheFileIsYoungerThanTheProcess() throws Exception {
    var fake = fake("1.7.24", OLD + SET, LONG_AGO);
    RuntimeFacts facts = facts(fake);
    assertThat(facts.directory()).isEqualTo("etc/containerd/certs.d");
    assertThat(facts.lack(Capability.CA).orElseThrow()).contains("Restart containerd");
  }

  @Test
  void keepsWhatIsInUseWhenTheFileIsTouched() throws Exception {
    own(new HostPath("etc/containerd/certs.d/quay.test/ca.crt"));
    assertThat(facts(fake("1.7.24", OLD + SET, LONG_AGO)).can(Capability.CA)).isTrue();
  }

  @Test
  void lacksEverythingWithoutTheCriPlugin() throws Exception {
    String disabled = "disabled_plugins = ['cri']\n" + OLD + SET;
    assertThat(facts(fake("1.7.24", disabled, LATER)).lack(Capability.CA).orElseThrow())
        .contains("disabled_plugins");
  }

  @Test
  void isUnknownRatherThanLackingWhereSomethingOfOursStands() throws Exception {
    Containerd gone = Optional::empty;
    assertThat(facts(gone).lack(Capability.CA).orElseThrow()).contains("no program");
    own(new HostPath("etc/containerd/certs.d/quay.test/ca.crt"));
    assertThatThrownBy(() -> facts(gone)).isInstanceOf(HostFileException.class);
  }

  @Test
  void isUnknownWhileStoppedWhereSomethingOfOursStands() throws Exception {
    FakeContainerd stopped = fake("1.7.24", OLD + SET, LATER).stopped();
    assertThat(facts(stopped).can(Capability.CA)).isTrue();
    own(new HostPath("etc/containerd/certs.d/quay.test/ca.crt"));
    unknown(stopped, "no containerd runs");
    unknown(fake("1.7.24", OLD + ".config_path = ''\n", LATER).stopped(), "no containerd runs");
  }

  @Test
  void isUnknownWhereNoDirectoryIsInForceAndOursIsInOne() throws Exception {
    own(new HostPath("etc/containerd/certs.d/quay.test/ca.crt"));
    unknown(fake("1.7.24", OLD + ".config_path = ''\n", LATER), "/etc/containerd/certs.d");
    unknown(fake("1.7.24", OLD + ".config_path = ''\n", LONG_AGO), "/etc/containerd/certs.d");
    String moved = OLD + ".config_path = '/srv/certs'\n";
    unknown(fake("1.7.24", moved, LONG_AGO), "/etc/containerd/certs.d");
    unknown(Containerd.NONE, "/etc/containerd/certs.d");
    assertThat(facts(fake("1.7.24", moved, LATER)).directory())
        .as("moved, and read since")
        .isEqualTo("srv/certs");
  }

  @Test
  void countsTheCriPluginAsDisabledOnlyFromTheNextStart() throws Exception {
    String disabled = "disabled_plugins = ['cri']\n" + OLD + SET;
    own(new HostPath("etc/containerd/certs.d/quay.test/ca.crt"));
    unknown(fake("1.7.24", disabled, LONG_AGO), "CRI plugin off");
    assertThat(facts(fake("1.7.24", disabled, LATER)).can(Capability.CA)).isFalse();
  }

  private void unknown(Containerd containerd, String word) {
    assertThatThrownBy(() -> facts(containerd))
        .isInstanceOf(HostFileException.class)
        .hasMessageContaining(word);
  }

  @Test
  void readsTheFileAloneUnderAnotherRoot() throws Exception {
    assertThat(facts(Containerd.NONE).directory()).isEmpty();
    Files.writeString(settings, "version = 2\n" + OLD + SET);
    RuntimeFacts facts = facts(Containerd.NONE);
    assertThat(facts.directory()).isEqualTo("etc/containerd/certs.d");
    assertThat(facts.lacks()).containsKey(Capability.ALLOW_LIST).doesNotContainKey(Capability.CA);
  }

  private RuntimeFacts facts(Containerd containerd) throws IOException {
    return new ContainerdFacts(changes, containerd, SettingsPermission.LEAVE).find().orElseThrow();
  }

  private FakeContainerd fake(String version, String dump, Instant started) {
    return FakeContainerd.started(settings, version, dump, started);
  }

  private void own(HostPath path) throws IOException {
    var id = new ResourceId(ResourceKind.CERTIFICATE_FILE, "containerd", path.text());
    var owners = new TreeMap<>(Map.of("content", "production"));
    changes.record(path, new OwnedFile(id, owners, "0644", Set.of(), null));
  }
}
