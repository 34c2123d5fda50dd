package dev.tidewaiter.target.host;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/// Port: a container runtime of a host. Its calls come one at a time.
public interface HostRuntime {
  /// The scope of its resources, and the word in `hosts.runtimes`.
  String name();

  /// Whether the host has it.
  boolean isPresent() throws IOException;

  /// What stands at an id, and what of it is ours for an environment; what is recorded as ours and
  /// is not there is reported with a value that nobody desires.
  ///
  /// @return empty if nothing is there and nothing of it is ours
  Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException;

  /// Carries one change out.
  ///
  /// @throws HostFileException if a precondition is not met; the file is as it was
  Outcome apply(String environment, Change change, Compiled.Payloads payloads) throws IOException;

  /// Directories in which a change may be drift, and what may appear or vanish, such as the socket
  /// of an engine; they need not exist.
  Set<HostPath> directories() throws IOException;
}
