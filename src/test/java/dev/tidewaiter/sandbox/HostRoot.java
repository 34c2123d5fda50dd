package dev.tidewaiter.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A directory that plays the file system of a host with Docker and podman, with settings that
/// somebody else made.
///
/// Its `root` has the numbers of the user who runs the sandbox: no other can be given files.
final class HostRoot {
  private HostRoot() {}

  static Path create(SandboxDirectory sandbox) throws IOException {
    Path root = sandbox.resolve("host");
    sandbox.createPrivate("host/root");
    sandbox.write(
        "host/etc/passwd",
        "root:x:%s:%s:root:/root:/bin/sh\n"
            .formatted(Files.getAttribute(root, "unix:uid"), Files.getAttribute(root, "unix:gid")));
    sandbox.write(
        "host/etc/docker/daemon.json",
        """
        {
          "log-driver": "json-file",
          "log-opts": {"max-size": "10m"}
        }
        """);
    // podman is known by its program, which is never run below another root.
    sandbox.write("host/usr/bin/podman", "");
    sandbox.write(
        "host/etc/containers/policy.json",
        """
        {
          "default": [{"type": "insecureAcceptAnything"}]
        }
        """);
    return root;
  }
}
