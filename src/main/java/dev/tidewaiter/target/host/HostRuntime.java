package dev.tidewaiter.target.host;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.desired.RuntimeFacts;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.policy.Regime;
import dev.tidewaiter.target.Outcome;
import dev.tidewaiter.target.Proof;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Port: a container runtime of a host. Its calls come one at a time, but for [#running].
public interface HostRuntime {
  /// The scope of its resources; see [RuntimeFacts#scope].
  String name();

  /// What it is and can do, asked of it now; empty if the host does not have it.
  ///
  /// @throws IOException if that cannot be told: then nothing is planned for this runtime, and what
  ///   it has stays
  Optional<RuntimeFacts> facts() throws IOException;

  /// What stands at an id, and what of it is ours for an environment; what is recorded as ours and
  /// is not there is reported with a value that nobody desires.
  ///
  /// @return empty if nothing is there and nothing of it is ours
  Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException;

  /// Carries one change out.
  ///
  /// @throws HostFileException if a precondition is not met; the file is as it was
  Outcome apply(String environment, Change change, Compiled.Payloads payloads) throws IOException;

  /// Shows that what is denied is refused by the runtime itself and what is allowed is not, without
  /// pulling an image of anybody. Contacts no registry but those that are allowed, with the name of
  /// an image that does not exist.
  ///
  /// @param regime what is declared for the host
  default Proof prove(Regime regime) throws IOException {
    return new Proof.Proven();
  }

  /// What files of others weaken of what is denied, each as a sentence with what to do.
  ///
  /// @param regime what is declared for the host
  default List<String> weaknesses(Regime regime) throws IOException {
    return List.of();
  }

  /// What the running daemon shows of what is managed here, such as its process and the settings it
  /// has in force: a change of it starts a cycle. Asked every half minute, also during another
  /// call; empty if nothing runs.
  default String running() throws IOException {
    return "";
  }

  /// Directories in which a change may be drift, and what may appear or vanish, such as the socket
  /// of an engine; they need not exist.
  Set<HostPath> directories() throws IOException;
}
