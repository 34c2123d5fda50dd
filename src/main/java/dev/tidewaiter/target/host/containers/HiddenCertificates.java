package dev.tidewaiter.target.host.containers;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.target.host.HostFileException;
import dev.tidewaiter.target.host.HostFiles;
import dev.tidewaiter.target.host.HostPath;
import java.io.IOException;
import java.util.Map;

/// What a first file of ours would hide: containers/image reads the certificates of one directory
/// only, `/etc/containers/certs.d` before `/etc/docker/certs.d`.
///
/// Source: `dockerCertDir` in containers/image `docker/docker_client.go`.
final class HiddenCertificates {
  private static final HostPath DOCKER = new HostPath("etc/docker/certs.d");
  private static final Map<String, String> ENDINGS =
      Map.of(".crt", "ca.crt", ".cert", "client.cert");

  private HiddenCertificates() {}

  /// @throws HostFileException if docker's directory of the same registry has what is not declared,
  ///   so that podman would lose it
  static void require(HostFiles files, Change change, Compiled.Payloads payloads)
      throws IOException {
    HostPath directory = new HostPath(change.id().name()).parent();
    HostPath hidden = DOCKER.child(directory.name());
    if (change instanceof Change.Prune
        || files.isDirectory(directory)
        || !files.isDirectory(hidden)) {
      return;
    }
    for (String name : files.names(hidden)) {
      for (var ending : ENDINGS.entrySet()) {
        if (name.endsWith(ending.getKey())
            && !isDeclared(directory.child(ending.getValue()), change.id(), payloads)) {
          throw HostFileException.unsafe(
              directory
                  + ": with it podman and CRI-O would not read "
                  + hidden.child(name)
                  + " any more. Declare that too, or remove it.");
        }
      }
    }
  }

  private static boolean isDeclared(HostPath file, ResourceId id, Compiled.Payloads payloads) {
    var other = new ResourceId(id.kind(), id.scope(), file.text());
    return other.equals(id) || payloads.find(other, "content") != null;
  }
}
