package dev.tidewaiter.target.host.docker;

import dev.tidewaiter.target.host.HostFileException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

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

    /// Which process it is, for comparison: an engine that was started anew is another.
    String process();

    /// Sends SIGHUP, on which dockerd reads its file again.
    void reload() throws IOException;

    /// What it is, and which registries and mirrors it has in force now.
    EngineInfo info() throws IOException;

    /// Why an image cannot be pulled, in the engine's words, which may quote a registry and are
    /// looked at alone; empty if it came, or is there.
    ///
    /// @param name with its host, without tag
    Optional<String> pull(String name, String tag) throws IOException;

    /// All containers, running or not.
    List<EngineContainer> containers() throws IOException;
  }
}
