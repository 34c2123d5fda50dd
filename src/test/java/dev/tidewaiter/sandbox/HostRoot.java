package dev.tidewaiter.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A directory that plays the file system of a Docker host, with settings that somebody else made.
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
    return root;
  }
}
