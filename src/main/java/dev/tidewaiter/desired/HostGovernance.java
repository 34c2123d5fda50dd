package dev.tidewaiter.desired;

import dev.tidewaiter.policy.Regime;
import java.util.List;

/// What an environment declares for the pulls of one host, and what comes of it: of policy, and of
/// all else that a runtime may lack.
///
/// @param regime as declared, whatever the runtimes can enforce of it
/// @param denying scopes of runtimes where registries that are not listed are refused
/// @param unsupported what the runtimes cannot enforce, each a sentence with what would help
/// @param accepted whether the declaration puts up with that: `unsupported: Accept`
/// @param id stable digest of environment, target and rules: what a proof is remembered by
public record HostGovernance(
    Regime regime, List<String> denying, List<String> unsupported, boolean accepted, String id) {
  public HostGovernance {
    denying = List.copyOf(denying);
    unsupported = List.copyOf(unsupported);
  }
}
