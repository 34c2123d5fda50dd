package dev.tidewaiter.target.host;

import dev.tidewaiter.desired.Compiled;
import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.model.ResourceKind;
import dev.tidewaiter.plan.Change;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Outcome;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/// All the files of a runtime, each kind of resource with those who look after it.
///
/// @param runtime for the message about a defect
public record FilesByKind(String runtime, Map<ResourceKind, ManagedFiles> byKind)
    implements ManagedFiles {
  public FilesByKind {
    byKind = Map.copyOf(byKind);
  }

  @Override
  public Optional<ObservedResource> observe(String environment, ResourceId id) throws IOException {
    return find(id).observe(environment, id);
  }

  @Override
  public Outcome apply(String environment, Change change, Compiled.Payloads payloads)
      throws IOException {
    return find(change.id()).apply(environment, change, payloads);
  }

  private ManagedFiles find(ResourceId id) {
    ManagedFiles files = byKind.get(id.kind());
    if (files == null) {
      throw new IllegalStateException("no resource of " + runtime + ": " + id);
    }
    return files;
  }
}
