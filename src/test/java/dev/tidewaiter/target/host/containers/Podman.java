package dev.tidewaiter.target.host.containers;

import dev.tidewaiter.testbed.TestBed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// podman with a storage and a home of its own, and skopeo with the same home; both with the
/// settings of the machine.
record Podman(Path directory) {
  /// What came of a call.
  record Result(int status, String output) {
    boolean succeeded() {
      return status == 0;
    }

    boolean isRejected() {
      return status != 0 && output.contains("is rejected by policy");
    }
  }

  static Podman in(Path directory) {
    try {
      Files.createDirectories(directory.resolve("home"));
      Files.writeString(settings(directory), "[engine]\nlock_type = \"file\"\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Podman(directory);
  }

  // Its locks are otherwise in `/dev/shm`, shared with the podman of the machine.
  private static Path settings(Path directory) {
    return directory.resolve("containers.conf");
  }

  Path home() {
    return directory.resolve("home");
  }

  Result pull(String image) {
    return podman("pull", "--quiet", image);
  }

  Result podman(String... words) {
    var command = new ArrayList<String>();
    command.add(TestBed.installed("/usr/bin/podman").toString());
    command.addAll(List.of("--root", directory.resolve("root").toString()));
    command.addAll(List.of("--runroot", directory.resolve("runroot").toString()));
    command.addAll(List.of("--tmpdir", directory.resolve("tmp").toString()));
    command.addAll(List.of("--storage-driver", "vfs", "--cgroup-manager", "cgroupfs"));
    command.addAll(List.of("--events-backend", "none"));
    command.addAll(List.of(words));
    return run(command);
  }

  Result skopeo(String image) {
    String skopeo = TestBed.installed("/usr/bin/skopeo").toString();
    return run(List.of(skopeo, "copy", "docker://" + image, "dir:" + directory.resolve("image")));
  }

  String version() {
    return podman("--version").output().replaceAll("[^0-9.]", "");
  }

  private Result run(List<String> command) {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("HOME", home().toString());
    builder.environment().put("CONTAINERS_CONF", settings(directory).toString());
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
