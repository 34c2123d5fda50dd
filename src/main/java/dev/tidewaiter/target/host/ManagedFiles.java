package dev.tidewaiter.target.host;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import java.io.IOException;
import java.util.Optional;

/// One sort of file that a runtime reads; see [HostRuntime], whose resources of some kinds it has.
public interface ManagedFiles {
  /// As [HostRuntime#observe].
  Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException;

  /// As [HostRuntime#apply].
  Outcome apply(String environment, Change change, Compiled.Payloads payloads) throws IOException;
}
