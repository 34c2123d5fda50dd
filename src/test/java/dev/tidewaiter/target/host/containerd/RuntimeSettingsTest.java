package dev.tidewaiter.target.host.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.model.FieldValue;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedField;
import dev.tidewaiter.target.host.FileChanges;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.LocalFiles;
import dev.tidewaiter.target.host.OwnedFile;
import dev.tidewaiter.target.host.StateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said of `config_path` where containerd cannot be asked. Real ones are in
/// [ContainerdHostIT].
class RuntimeSettingsTest {
  private static final ResourceId ID =
      new ResourceId(ResourceKind.RUNTIME_SETTINGS, "containerd", "etc/containerd/config.toml");
  private static final HostPath ELSEWHERE = new HostPath("srv/containerd.toml");
  private static final Containerd ENDED =
      () -> {
        throw new IOException("process 7 has ended");
      };

  @TempDir private Path directory;
  private FileChanges changes;
  private RuntimeSettings settings;

  @BeforeEach
  void createHost() throws IOException {
    Files.createDirectories(directory.resolve("root/srv"));
    changes =
        new FileChanges(
            new LocalFiles(directory.resolve("root")), StateStore.in(directory.resolve("state")));
    settings = new RuntimeSettings(changes, ENDED, SettingsPermission.SET);
  }

  @Test
  void readsTheRecordedFileWithoutAskingContainerd() throws Exception {
    own();
    Files.writeString(
        directory.resolve("root/srv/containerd.toml"),
        "version = 2\n[plugins.'io.containerd.grpc.v1.cri'.registry]\nconfig_path = '/x'\n");
    assertThat(observed()).isEqualTo(ours("/etc/containerd/certs.d"));
    assertThat(settings.path(ID)).isEqualTo(ELSEWHERE);
  }

  @Test
  void saysThatOursIsUnreadableWhereContainerdCannotBeAsked() throws Exception {
    own();
    assertThat(observed()).isEqualTo(ours("unreadable"));
  }

  @Test
  void tellsOfWhatIsNotOursOnlyWhenItIsChanged() throws Exception {
    assertThat(settings.observe("production", ID)).isEmpty();
    var fields = new TreeMap<String, FieldValue>();
    fields.put("config_path", new FieldValue.Plain("/etc/containerd/certs.d"));
    assertThatThrownBy(
            () -> settings.apply("production", new Change.Create(ID, fields), (_, _) -> null))
        .isInstanceOf(IOException.class);
  }

  private Map<String, ObservedField> observed() throws IOException {
    return settings.observe("production", ID).orElseThrow().fields();
  }

  private static Map<String, ObservedField> ours(String value) {
    return Map.of("config_path", new ObservedField(new FieldValue.Plain(value), true));
  }

  private void own() throws IOException {
    var owners = new TreeMap<>(Map.of("config_path", "production"));
    changes.record(ELSEWHERE, new OwnedFile(ID, owners, "0644", Set.of(), null));
  }
}
