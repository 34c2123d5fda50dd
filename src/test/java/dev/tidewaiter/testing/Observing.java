package dev.tidewaiter.testing;

import dev.tidewaiter.model.ResourceId;
import dev.tidewaiter.plan.ObservedResource;
import dev.tidewaiter.target.Target;
import dev.tidewaiter.target.TargetException;
import java.util.List;
import java.util.Set;

/// Looks at targets all of which may be looked at.
public final class Observing {
  private Observing() {}

  /// What a target observes. Fails if there is a name of pull Secrets that may not be looked at.
  public static List<ObservedResource> all(
      Target target, String environment, Set<ResourceId> desired) throws TargetException {
    return target.observe(
        environment,
        desired,
        (_, why) -> {
          throw new AssertionError(why);
        });
  }
}
