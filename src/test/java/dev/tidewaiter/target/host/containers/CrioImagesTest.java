package dev.tidewaiter.target.host.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.LocalFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrioImagesTest {
  private static final String CONFIG = "echo '# pause_image = \"registry.k8s.io/pause:3.9\"'";
  private static final String LIST =
      """
      {"containers": [
        {"image": {"image": "quay.io/cni/node:v1"},
         "labels": {"io.kubernetes.pod.namespace": "kube-system"}},
        {"image": {"image": "3b25b682ea82b2db3cc4fd48db818be788ee3f902ac7378090cf2624ec2442df",
           "userSpecifiedImage": "registry.k8s.io/coredns/coredns:v1"},
         "labels": {"io.kubernetes.pod.namespace": "kube-system"}},
        {"image": {"image": "must.not.be.needed/of-a-tenant:1"},
         "labels": {"io.kubernetes.pod.namespace": "shop"}}]}
      """;

  @TempDir private Path directory;

  @BeforeEach
  void startCrio() throws IOException {
    Files.createDirectories(directory.resolve("bin"));
    Files.createDirectories(directory.resolve("root"));
    Files.createFile(socket());
    program("crio", CONFIG);
    program("crictl", lists(LIST));
  }

  private Path socket() {
    return directory.resolve("crio.sock");
  }

  private static String lists(String list) {
    return "echo 'WARN[0000] image connect using default endpoints: {a: b}'\ncat <<'END'\n"
        + list
        + "\nEND";
  }

  private void program(String name, String commands) throws IOException {
    Path file = directory.resolve("bin").resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + commands + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private List<String> needed() throws IOException {
    var files = new LocalFiles(directory.resolve("root"));
    return new CrioImages(files, socket(), List.of(directory.resolve("bin"))).repositories();
  }

  private void isNotTold(String why) {
    assertThatThrownBy(this::needed)
        .isInstanceOf(HostFileException.class)
        .hasMessageContaining(why);
  }

  @Test
  void namesThePauseImageAndThoseOfTheSystemsPods() throws Exception {
    assertThat(needed())
        .containsExactly(
            "quay.io/cni/node", "registry.k8s.io/coredns/coredns", "registry.k8s.io/pause");
    program("crictl", lists("{\"containers\": []}"));
    assertThat(needed()).containsExactly("registry.k8s.io/pause");
  }

  @Test
  void isNotToldByAProgramThatIsMissing() throws Exception {
    Files.delete(directory.resolve("bin/crictl"));
    isNotTold("crictl");
    program("crictl", lists(LIST));
    Files.delete(directory.resolve("bin/crio"));
    isNotTold("crio");
  }

  @Test
  void isNotToldByAProgramThatFails() throws Exception {
    program("crictl", lists(LIST) + "\nexit 1");
    isNotTold("crictl");
    program("crictl", lists(LIST));
    program("crio", CONFIG + "\nexit 1");
    isNotTold("crio");
  }

  @Test
  void isNotToldByWhatIsNoList() throws Exception {
    program("crictl", lists("no JSON"));
    isNotTold("crictl");
    program("crictl", lists("{\"containers\": [{\"image\""));
    isNotTold("crictl");
    program("crictl", lists(LIST));
    program("crio", "echo '# pause_command = \"/pause\"'");
    isNotTold("pause_image");
  }

  @Test
  void asksNothingOfAMachineWithoutCrio() throws Exception {
    program("crictl", "exit 1");
    Files.delete(socket());
    assertThat(needed()).as("it is stopped").containsExactly("registry.k8s.io/pause");
    Files.delete(directory.resolve("bin/crio"));
    assertThat(needed()).isEmpty();
  }
}
