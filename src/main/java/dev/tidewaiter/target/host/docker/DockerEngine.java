package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.target.host.HostFileException;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/// Port: the engine that runs on the host.
public interface DockerEngine {
  /// An engine that is never asked, for a root other than `/`: files only.
  DockerEngine NONE = Optional::empty;

  /// @return empty if none runs
  /// @throws HostFileException if it cannot be told which process it is: it must not be signalled
  Optional<Running> find() throws IOException;

  /// An engine while it runs.
  interface Running {
    DaemonFlags flags();

    /// Sends SIGHUP, on which dockerd reads its file again.
    void reload() throws IOException;

    /// Registries that the engine treats as insecure now: names of hosts with their ports, and
    /// networks.
    Set<String> insecureRegistries() throws IOException;
  }
}
