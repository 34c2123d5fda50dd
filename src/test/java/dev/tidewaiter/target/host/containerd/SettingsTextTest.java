package dev.tidewaiter.target.host.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTextTest {
  private static final HostPath PATH = new HostPath("etc/containerd/config.toml");
  private static final String DIRECTORY = "/etc/containerd/certs.d";

  @Test
  void fillsAnEmptyKeyWhereItStands() throws Exception {
    String text =
        """
        version = 2
        # of the administrator
        [plugins."io.containerd.grpc.v1.cri".registry]   # registries
          config_path = "" # empty

        [plugins."io.containerd.grpc.v1.cri".cni]
          bin_dir = "/usr/lib/cni"
        """;
    assertThat(parse(text).with(DIRECTORY).text())
        .isEqualTo(text.replace("\"\" # empty", "\"" + DIRECTORY + "\" # empty"));
  }

  @Test
  void addsTheKeyBelowItsTable() throws Exception {
    String text =
        """
        version = 3
        [plugins]
          [plugins.'io.containerd.cri.v1.images']
            snapshotter = 'overlayfs'
            [plugins.'io.containerd.cri.v1.images'.registry]
              [plugins.'io.containerd.cri.v1.images'.registry.headers]
                X-Site = ['here']
        """;
    String header = "    [plugins.'io.containerd.cri.v1.images'.registry]\n";
    assertThat(parse(text).with(DIRECTORY).text())
        .isEqualTo(
            text.replace(header, header + "      config_path = \"/etc/containerd/certs.d\"\n"));
  }

  @Test
  void addsTheTableAtTheEnd() throws Exception {
    SettingsText next = parse("version = 2\r\nroot = \"/data\"").with(DIRECTORY);
    String expected =
        """
        version = 2
        root = "/data"

        [plugins."io.containerd.grpc.v1.cri".registry]
          config_path = "/etc/containerd/certs.d"
        """;
    assertThat(next.text()).isEqualTo(expected.replace("\n", "\r\n"));
    assertThat(next.configPath()).isEqualTo(DIRECTORY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "root = \"/data\"\n",
        "version = 2\nplugins = {}\n",
        "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\nregistry.headers.X = [\"y\"]\n",
        "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\"]\nregistry = {config_path = \"\"}\n",
        "version = 2\ntext = '''\n[plugins.\"io.containerd.grpc.v1.cri\".registry]\n'''\n"
      })
  void leavesATextAloneThatItCannotChangeByThatKeyOnly(String text) throws Exception {
    SettingsText settings = parse(text);
    assertThatThrownBy(() -> settings.with(DIRECTORY)).isInstanceOf(HostFileException.class);
  }

  @Test
  void takesBackOnlyWhatIsOurs() throws Exception {
    SettingsText ours = parse("version = 2\n").with(DIRECTORY);
    assertThat(parse(ours.text() + "# later\n").without(DIRECTORY).text())
        .isEqualTo(ours.text().replace(DIRECTORY, "") + "# later\n");
    SettingsText theirs = parse(ours.text().replace(DIRECTORY, "/elsewhere"));
    assertThat(theirs.without(DIRECTORY)).isEqualTo(theirs);
  }

  @Test
  void refusesWhatIsNoToml() {
    assertThatThrownBy(() -> parse("password = \"secret\n"))
        .isInstanceOf(HostFileException.class)
        .hasMessageNotContaining("secret");
  }

  private static SettingsText parse(String text) throws HostFileException {
    return SettingsText.parse(PATH, text);
  }
}
