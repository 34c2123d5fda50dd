package dev.tidewaiter.target.host.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidewaiter.model.ImageReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a denial must not take from the machine.
class NeededImagesTest {
  private static final String OURS = "5f".repeat(32);
  private static final String OTHER = "ab".repeat(32);

  @TempDir private Path proc;

  @Test
  void areThoseOfTheSystemAndOurOwn() {
    var containers =
        List.of(
            container(
                "1", "registry.k8s.io/kube-proxy:v1", "io.kubernetes.pod.namespace", "kube-system"),
            container("2", "registry.k8s.io/pause:3.9", "io.kubernetes.docker.type", "podsandbox"),
            container("3", "app.test/must-not-be-chosen:1", "io.kubernetes.pod.namespace", "shop"),
            container(OURS, "ours.test/tidewaiter:1", "role", "any"),
            new EngineContainer(OTHER, List.of(), Map.of()));
    assertThat(NeededImages.among(containers, Set.of(OURS.substring(0, 12))))
        .extracting(ImageReference::toString)
        .containsExactly(
            "registry.k8s.io/kube-proxy:v1", "registry.k8s.io/pause:3.9", "ours.test/tidewaiter:1");
  }

  @Test
  void findsTheContainerThatItRunsIn() throws Exception {
    write("self/cgroup", "0::/system.slice/docker-" + OURS + ".scope\n");
    assertThat(new OwnContainer(proc).ids()).containsExactly(OURS);
    write("self/cgroup", "0::/\n");
    write("sys/kernel/hostname", OURS.substring(0, 12) + "\n");
    assertThat(new OwnContainer(proc).ids()).containsExactly(OURS.substring(0, 12));
    write("sys/kernel/hostname", "web\n");
    write(
        "self/mountinfo",
        "640 612 254:1 /var/lib/docker/containers/%s/hostname /etc/hostname rw - ext4 /dev/vda1 rw\n"
            .formatted(OURS));
    assertThat(new OwnContainer(proc).ids()).containsExactly(OURS);
  }

  @Test
  void takesNoContainerForItsOwnOnTheHostItself() throws Exception {
    write("self/cgroup", "0::/system.slice/tidewaiter.service\n");
    write("sys/kernel/hostname", "node-1\n");
    write(
        "self/mountinfo",
        "90 24 0:55 / /var/lib/docker/containers/%s/mounts/shm rw - tmpfs shm rw\n"
            .formatted(OTHER));
    assertThat(new OwnContainer(proc).ids()).isEmpty();
  }

  private void write(String name, String content) throws Exception {
    Path path = proc.resolve(name);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }

  private static EngineContainer container(String id, String image, String label, String value) {
    return new EngineContainer(id, List.of(image), Map.of(label, value));
  }
}
