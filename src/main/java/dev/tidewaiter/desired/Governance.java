package dev.tidewaiter.desired;

import dev.tidewaiter.config.RegistryPolicy;
import dev.tidewaiter.policy.Regime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an environment declares for the images of pods in one cluster.
///
/// @param regime as declared, whatever the cluster can enforce of it
/// @param namespaces those governed now, whoever else claims them: covered by a clause, and not
///   exempt; sorted
/// @param declared null if the environment has no policy, and only inactive registries are denied
/// @param denies whether images that are not admitted should be refused: `enforcement: Deny`, or
///   inactive registries, in a cluster that can
/// @param unsupported what the cluster cannot enforce, each with the version that would; for people
/// @param id stable digest of environment, target and rules, what an approval of activation is
///   bound to: without `activation`, so that writing the approval does not change it
public record Governance(
    Regime regime,
    List<String> namespaces,
    @Nullable RegistryPolicy declared,
    boolean denies,
    List<String> unsupported,
    String id) {
  /// Whether there is something to refuse that the cluster cannot.
  public boolean isUnenforced() {
    boolean should = declared == null || declared.enforcement() == RegistryPolicy.Enforcement.DENY;
    return should && !denies && !regime.rules().isOpen();
  }

  /// What pods in a cluster really meet: without the default registry where it cannot be applied.
  public Regime regimeOn(Admission admission) {
    return admission.mutating() == Admission.Mutating.NONE
        ? new Regime(regime.rules(), null, regime.credentials())
        : regime;
  }
}
