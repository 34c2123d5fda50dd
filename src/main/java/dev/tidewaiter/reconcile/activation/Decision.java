package dev.tidewaiter.reconcile.activation;

import dev.tidewaiter.config.RegistryPolicy;
import dev.tidewaiter.desired.Governance;
import dev.tidewaiter.plan.Approval;
import dev.tidewaiter.policy.Workload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether denials that hit running workloads may be activated: what a cycle does, and what
/// `impact` says that it will do.
///
/// @param held whether they wait
/// @param maxDenied how many workloads may be denied without approval
/// @param approval what to write into `activation.approve` to let it happen; null if nothing has to
///   be written, or there is no policy to write it into
public record Decision(boolean held, int maxDenied, @Nullable String approval) {
  /// @param denied workloads that are newly denied, each once; one that is critical holds them
  ///   whatever is approved
  public static Decision of(Governance governance, List<Workload> denied) {
    RegistryPolicy policy = governance.declared();
    var limits = policy == null ? RegistryPolicy.Activation.DEFAULT : policy.activation();
    int ordinary = (int) denied.stream().filter(workload -> !workload.critical()).count();
    boolean approved =
        ordinary <= limits.maxDenied()
            || Approval.read(limits.approve())
                .filter(approval -> approval.covers(governance.id(), ordinary))
                .isPresent();
    return new Decision(
        ordinary < denied.size() || !approved,
        limits.maxDenied(),
        approved || policy == null ? null : new Approval(governance.id(), ordinary).toString());
  }
}
