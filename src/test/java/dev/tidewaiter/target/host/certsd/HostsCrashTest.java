package dev.tidewaiter.target.host.certsd;

import static dev.tidewaiter.target.host.certsd.TreeHost.all;
import static dev.tidewaiter.target.host.certsd.TreeHost.certificate;
import static dev.tidewaiter.target.host.certsd.TreeHost.declared;
import static dev.tidewaiter.target.host.certsd.TreeHost.denial;
import static dev.tidewaiter.target.host.certsd.TreeHost.hosts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.desired.RegistryHost;
import dev.tidewaiter.model.FileContent;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Outcome.FailureReason;
import dev.tidewaiter.target.host.CrashingFiles;
import dev.tidewaiter.target.host.HostPath;
import dev.tidewaiter.target.host.certsd.TreeHost.Declared;
import dev.tidewaiter.testbed.TestCertificates;
import dev.tidewaiter.testing.InMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A tree of registries while the machine loses its power, or with links in it.
class HostsCrashTest {
  private static final String CA = "/etc/containerd/certs.d/reg.test/ca.crt";

  // Every step is synced, and only what was synced counts here, so memory does as well as a disk.
  @TempDir(factory = InMemory.class)
  private Path directory;

  private TreeHost host;
  private Declared limited;
  private Declared elsewhere;
  private Declared unlisted;

  @BeforeEach
  void createHost() throws Exception {
    host = TreeHost.create(directory);
    TestCertificates.create(directory);
    String ca = Files.readString(directory.resolve("ca.pem"));
    limited =
        all(
            TreeHost.withContent(certificate("reg.test", "ca.crt"), ca),
            host.withCredential(
                declared(hosts("reg.test"), "endpoint/1=https://reg.test ca=" + CA), 1, "first"),
            declared(denial(), "denied=present", "allowed/reg.test=present"));
    elsewhere =
        all(
            declared(hosts("docker.io"), "endpoint/1=https://registry-1.docker.io"),
            declared(denial(), "denied=present", "allowed/docker.io=present"));
    unlisted =
        all(
            TreeHost.withContent(certificate("old.test", "ca.crt"), ca),
            declared(hosts("old.test"), "denied=present"));
  }

  @Test
  void convergesAfterACrashAtAnyStepOfWriting() throws Exception {
    assertConvergesAfterCrashes(Declared.nothing(), limited, 20);
  }

  @Test
  void convergesAfterACrashAtAnyStepOfPuttingAnotherRegistryOnTheList() throws Exception {
    assertConvergesAfterCrashes(limited, elsewhere, 20);
  }

  @Test
  void convergesAfterACrashAtAnyStepOfDenyingARegistryWithCertificates() throws Exception {
    assertConvergesAfterCrashes(limited, limited.and(unlisted), 10);
  }

  @Test
  void convergesAfterACrashAtAnyStepOfWithdrawing() throws Exception {
    assertConvergesAfterCrashes(limited, Declared.nothing(), 15);
  }

  private void assertConvergesAfterCrashes(Declared from, Declared to, int least) throws Exception {
    assertThat(host.cycle(to)).isEmpty();
    Map<String, String> wanted = host.tree();
    int steps = 0;
    boolean crashed = true;
    while (crashed) {
      assertThat(host.cycle(from)).isEmpty();
      crashed = crashes(steps++, to);
      assertSound();
      assertThat(host.cycle(to)).as("after a crash at step " + steps).isEmpty();
      assertThat(host.tree()).as("after a crash at step " + steps).isEqualTo(wanted);
      assertThat(host.plan(to).changes()).isEmpty();
    }
    assertThat(steps).isGreaterThan(least);
  }

  private boolean crashes(int steps, Declared declared) throws Exception {
    try {
      assertThat(TreeHost.cycle(host.target(steps), declared)).isEmpty();
      return false;
    } catch (CrashingFiles.Crash _) {
      return true;
    }
  }

  /// Every `hosts.toml` is read by every runtime and names what is there, and a denial has all that
  /// it admits.
  private void assertSound() throws Exception {
    Path tree = host.root().resolve(TreeHost.TREE.text());
    if (!Files.exists(tree)) {
      return;
    }
    for (Path file : hostsFiles(tree)) {
      var content = FileContent.of(Files.readAllBytes(file));
      assertThat(HostsFormat.isSound(content)).as(file.toString()).isTrue();
      assertThat(HostsFormat.references(content))
          .allSatisfy(
              name -> assertThat(host.root().resolve(HostPath.ofAbsolute(name).text())).exists());
    }
    Path denial = host.file(denial());
    if (Files.exists(denial)) {
      HostsDocument document =
          HostsDocument.parse("_default", FileContent.of(Files.readAllBytes(denial))).orElseThrow();
      assertThat(document.host()).isEqualTo(new RegistryHost.Denied());
      assertThat(certificatesAlone(tree)).isEmpty();
      assertThat(document.admitted())
          .allSatisfy(name -> assertThat(tree.resolve(name).resolve("hosts.toml")).exists());
    }
  }

  /// Directories that would exempt their registry from the denial.
  private static List<Path> certificatesAlone(Path tree) throws IOException {
    try (Stream<Path> paths = Files.list(tree)) {
      return paths
          .filter(path -> Files.exists(path.resolve("ca.crt")))
          .filter(path -> !Files.exists(path.resolve("hosts.toml")))
          .toList();
    }
  }

  private static List<Path> hostsFiles(Path tree) throws IOException {
    try (Stream<Path> paths = Files.walk(tree)) {
      return paths.filter(path -> path.getFileName().toString().equals("hosts.toml")).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "etc/containerd/certs.d",
        "etc/containerd/certs.d/docker.io",
        "etc/containerd/certs.d/docker.io/hosts.toml",
        "etc/containerd/certs.d/_default",
        "etc/containerd/certs.d/_default/hosts.toml"
      })
  void followsNoLink(String place) throws Exception {
    Path other = Files.createDirectories(directory.resolve("elsewhere"));
    Path target = place.endsWith(".toml") ? other.resolve("hosts.toml") : other;
    Path link = host.root().resolve(place);
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, target);
    assertThat(host.cycle(elsewhere))
        .isNotEmpty()
        .extracting(Outcome.Failed::reason)
        .containsOnly(FailureReason.Unsafe);
    assertThat(link).isSymbolicLink();
    assertThat(other).isEmptyDirectory();
    assertThat(Files.exists(host.file(denial()))).isFalse();
    Files.delete(link);
    assertThat(host.cycle(elsewhere)).isEmpty();
  }
}
